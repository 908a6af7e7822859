import { element, type XmlElement } from '../xml/element.ts';

/** XEP-0004. */
export const dataForms = 'jabber:x:data';

export type FieldType =
  | 'boolean'
  | 'hidden'
  | 'jid-single'
  | 'list-single'
  | 'text-multi'
  | 'text-private'
  | 'text-single';

/** A field with one value; `''`: none. @param options what a list has to choose from */
export function fieldOf(
  name: string,
  type: FieldType | undefined,
  value: string,
  label?: string,
  options: readonly string[] = [],
): XmlElement {
  return element(
    'field',
    dataForms,
    { var: name, type, label },
    ...options.map((option) => element('option', dataForms, {}, element('value', dataForms, {}, option))),
    value === '' ? undefined : element('value', dataForms, {}, value),
  );
}

/** The values of a form by the names of its fields. */
export function readForm(form: XmlElement): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  for (const field of form.elements('field')) {
    const name = field.attribute('var');
    if (name === undefined) continue;
    values.set(
      name,
      field.elements('value').map((value) => value.text()),
    );
  }
  return values;
}
