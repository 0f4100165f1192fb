package whosaid.localnode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * Runs one Elasticsearch node until the process is told to end.
 *
 * <p>Arguments: the installation (its {@code modules} folder), the folder of {@code elasticsearch.yml}.
 */
public final class LocalNode {
    public static void main(String[] args) throws Exception {
        try {
            start(Path.of(args[0]), Path.of(args[1]));
            if ("when-started".equals(System.getProperty("whosaid.exit"))) {
                System.exit(0);
            }
            Thread.currentThread().join(); // the node's own threads do not keep the process alive
        } catch (Throwable failure) {
            failure.printStackTrace();
            System.exit(1); // threads of a half-started node would keep the process alive
        }
    }

    private static void start(Path installation, Path config) throws Exception {
        var settings = Settings.builder().put("path.home", installation.toString()).build();
        var environment = InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), config, () -> "local");
        LogConfigurator.configureESLogging();
        LogConfigurator.configure(environment, true);
        var plugins = PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(environment.modulesDir(), false),
            PluginsLoader.loadPluginsBundles(environment.pluginsDir(), false),
            Map.of(),
            false);
        var node = new Node(environment, plugins);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
        node.start();
    }

    private static void close(Node node) {
        try {
            node.prepareForClose();
            node.close();
            node.awaitClose(10, TimeUnit.SECONDS);
        } catch (IOException failure) {
            failure.printStackTrace();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }
}
