/** An element with text, which stays text whatever it looks like: any user chooses names and paths. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  text = '',
  className = '',
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  if (text !== '') made.textContent = text;
  if (className !== '') made.className = className;
  return made;
}

/** An element with others in it. */
export function holder<K extends keyof HTMLElementTagNameMap>(
  name: K,
  children: readonly Node[],
  className = '',
): HTMLElementTagNameMap[K] {
  const made = element(name, '', className);
  made.append(...children);
  return made;
}

/** The element of the page that has an id. */
export function byId(id: string): HTMLElement {
  return document.getElementById(id) as HTMLElement;
}

/** A link to the page of a process. */
export function processLink(pid: number, text: string): HTMLAnchorElement {
  const link = element('a', text);
  link.href = `#/process/${pid}`;
  return link;
}

/** Sets text only where it differs, so that what a reader has selected stays selected. */
export function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
