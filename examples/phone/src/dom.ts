type Attributes = Readonly<Record<string, string | boolean | EventListener>>;

/** An element of the page. Texts become text nodes, so that what devices say never becomes HTML. */
export function make<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value);
    else if (value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children);
  return made;
}

/** A field with its label. */
export function field(
  label: string,
  attributes: Attributes,
): { readonly label: HTMLElement; readonly input: HTMLInputElement } {
  const input = make('input', attributes);
  return { label: make('label', {}, make('span', {}, label), input), input };
}
