package whosaid.localnode;

import java.util.List;
import org.apache.lucene.util.Version;
import org.elasticsearch.Build;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.ClusterName;
import org.elasticsearch.node.Node;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;

/** {@code GET /}: which Elasticsearch this is; clients ask it first. */
final class RootHandler extends BaseRestHandler {
    @Override
    public String getName() {
        return "root";
    }

    @Override
    public List<Route> routes() {
        return List.of(new Route(RestRequest.Method.GET, "/"), new Route(RestRequest.Method.HEAD, "/"));
    }

    @Override
    protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
        var build = Build.current();
        return channel -> channel.sendResponse(new RestResponse(RestStatus.OK, channel.newBuilder()
            .startObject()
            .field("name", Node.NODE_NAME_SETTING.get(client.settings()))
            .field("cluster_name", ClusterName.CLUSTER_NAME_SETTING.get(client.settings()).value())
            .startObject("version")
            .field("number", build.version())
            .field("build_flavor", build.flavor())
            .field("build_hash", build.hash())
            .field("build_date", build.date())
            .field("build_snapshot", build.isSnapshot())
            .field("lucene_version", Version.LATEST.toString())
            .endObject()
            .field("tagline", "You Know, for Search")
            .endObject()));
    }
}
