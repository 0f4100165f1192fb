// What makes the pages better where scripts run; without them everything works all the same.

const speak = (() => {
  const region = document.createElement("p");
  region.className = "sr";
  region.setAttribute("role", "status");
  document.body.append(region);
  return (text) => { region.textContent = text; };
})();

// Names that complete what is typed: a combobox with a list box, as the ARIA Authoring Practices describe it.
const countries = new Intl.DisplayNames("en", { type: "region", fallback: "code" });
function completing(input) {
  const list = document.createElement("ul");
  list.id = `${input.id}-names`;
  list.className = "names";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Names");
  input.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);
  let found = [], at = -1, asked = null, timer = 0;

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (place) => {
    at = place;
    [...list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    }
  };

  const choose = (one) => {
    close();
    const facet = input.dataset.complete;
    if (!facet) {
      input.value = one.name;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      return;
    }
    const chosen = document.createElement("input");
    Object.assign(chosen, { type: "hidden", name: facet, value: one.name });
    input.value = "";
    input.form.append(chosen);
    input.form.requestSubmit();
    chosen.remove(); // a browser that goes back shows the page as it was left
  };

  const part = (kind, text) => {
    const span = document.createElement("span");
    span.className = kind;
    span.textContent = text;
    return span;
  };

  const show = () => {
    list.replaceChildren(...found.map((one, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const known = [one.also && `also ${one.also}`, one.role, one.country && countries.of(one.country)].filter(Boolean).join(", ");
      option.append(part("name", one.name), " ", part("count", one.quotes.toLocaleString("en")), " ", part("role", known));
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => choose(one));
      return option;
    }));
    at = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    speak(found.length ? `${found.length} names, arrow down to choose` : "");
  };

  const ask = async () => {
    asked?.abort();
    const begun = input.value.trim();
    if (begun.length < 2) return close();
    asked = new AbortController();
    try {
      const answer = await fetch(`/api/names?${new URLSearchParams({ begun })}`, { signal: asked.signal });
      if (!answer.ok) return close();
      found = await answer.json();
      if (document.activeElement === input) show();
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return void ask();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const count = found.length + 1; // one place more: none of them
      mark((at + 1 + step + count) % count - 1);
    } else if (event.key === "Enter" && open && at >= 0) {
      event.preventDefault();
      choose(found[at]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    }
  });
}
document.querySelectorAll("input[data-complete]").forEach(completing);

// An article: whoever is opened at the side, or clicked in the text, is heard alone.
const text = document.querySelector(".text");
if (text) {
  const voices = [...document.querySelectorAll("details.voice")];
  const said = [...text.querySelectorAll(".said, .note")];
  const hear = () => {
    const open = voices.find((voice) => voice.open)?.dataset.voice;
    for (const span of said) {
      const whose = (span.dataset.voices ?? span.dataset.voice).split(" ");
      span.classList.toggle("quiet", open !== undefined && !whose.includes(open));
    }
  };
  const open = (number, toggle) => {
    const voice = voices.find((one) => one.dataset.voice === number);
    if (!voice) return;
    voice.open = toggle ? !voice.open : true;
    voice.scrollIntoView({ block: "nearest" });
    if (voice.open) speak(`${voice.querySelector(".count").textContent} of ${voice.querySelector(".name").textContent}`);
  };
  voices.forEach((voice) => voice.addEventListener("toggle", hear));
  text.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-voice]");
    if (link) {
      event.preventDefault();
      open(link.dataset.voice, true);
      return;
    }
    const span = event.target.closest(".said");
    if (span && !event.target.closest("a") && getSelection().isCollapsed) {
      open(span.dataset.voices.trim().split(" ").at(-1), true);
    }
  });
  hear();
}

// While the next page is on its way.
const going = (on) => document.documentElement.classList.toggle("loading", on);
addEventListener("pageshow", () => going(false));
addEventListener("submit", (event) => { if (!event.defaultPrevented) going(true); });
addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const to = new URL(link.href.baseVal ?? link.href, location.href);
  if (link.hasAttribute("download") || to.origin !== location.origin) return;
  if (to.pathname !== location.pathname || to.search !== location.search) going(true);
});
