/** Elements made without any HTML: what the world says is only ever text. */

const svgNamespace = "http://www.w3.org/2000/svg";

/** An HTML element. A child is a node or a text; undefined and false are left out. */
export function html(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** An SVG element. */
export function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS(svgNamespace, name), attributes, children);
}

/** One of the shapes that stand for a state, coloured as the state is; the word beside it is its text. */
export function shape(name) {
  return svg("svg", { class: `shape ${name}`, "aria-hidden": "true" }, svg("use", { href: `#shape-${name}` }));
}

/** Puts other children into an element. */
export function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
}

/** Sets a text where it has changed, so that nothing is read out twice and no selection is lost. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Brings an element's children in step with a list: each item keeps its element while it is there, with its focus, and is
 * drawn anew only when what it shows has changed.
 */
export function keep(parent, items, keyOf, make) {
  const before = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    const shown = JSON.stringify(item);
    let element = before.get(key);
    before.delete(key);
    if (element === undefined) {
      element = make(item);
      element.dataset.key = key;
      parent.insertBefore(element, place);
    } else {
      if (element.shown !== shown) {
        const fresh = make(item);
        const hadFocus = element.contains(document.activeElement);
        for (const { name, value } of fresh.attributes) element.setAttribute(name, value);
        element.replaceChildren(...fresh.childNodes);
        element.onclick = fresh.onclick;
        if (hadFocus) (element.querySelector("button") ?? element).focus();
      }
      if (element === place) place = place.nextElementSibling;
      else parent.insertBefore(element, place);
    }
    element.shown = shown;
  }
  for (const left of before.values()) left.remove();
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element[name] = value;
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...nodes(children));
  return element;
}

function nodes(children) {
  return children.filter((child) => child !== undefined && child !== false && child !== null);
}
