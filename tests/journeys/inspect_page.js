// What no text of a user may become on a page, whether or not it would run today; and
// what the page's own watch has heard. Answers a list of sentences.
() => {
  const found = [];
  const say = (what, element) => found.push(`${what}: ${element.outerHTML.slice(0, 120)}`);
  const active = new Set(
    ("iframe frame object embed base style audio video template foreignobject animate " +
      "set marquee").split(" "),
  );
  const addresses = new Set(
    ["href", "src", "action", "formaction", "xlink:href", "data", "srcset", "poster"],
  );
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName.toLowerCase();
    if (active.has(name)) say("element", element);
    if (name === "script" && !element.src && element.type !== "application/json")
      say("inline script", element);
    if ((name === "link" || name === "meta") && document.body.contains(element))
      say("element in the body", element);
    for (const attribute of element.attributes) {
      if (attribute.name.startsWith("on") || attribute.name === "style")
        say("attribute", element);
      if (!addresses.has(attribute.name)) continue;
      const address = new URL(attribute.value, location.href);
      if (!["http:", "https:", "mailto:"].includes(address.protocol))
        say("address", element);
      if (name !== "a" && name !== "link" && address.origin !== location.origin)
        say("loads from elsewhere", element);
    }
  }
  return found.concat(window.heard);
}
