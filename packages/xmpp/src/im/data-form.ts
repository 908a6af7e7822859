import { element, type XmlElement } from '../xml/element.ts';

/** XEP-0004. */
export const dataForms = 'jabber:x:data';

/** The values of fields by `var`. @param form an `x` of XEP-0004 */
export function formValues(form: XmlElement | undefined): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, readonly string[]>();
  for (const field of form?.elements('field') ?? []) {
    const values = field.elements('value').map((value) => value.text());
    fields.set(field.attribute('var') ?? '', values);
  }
  return fields;
}

/** A form of a kind that its `FORM_TYPE` names (XEP-0068), with one field for each value or list of values. */
export function typedForm(
  type: 'result' | 'submit',
  formType: string,
  values: Readonly<Record<string, string | readonly string[] | undefined>>,
): XmlElement {
  const fields = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [formField(name, value)],
  );
  return element('x', dataForms, { type }, formField('FORM_TYPE', formType, { type: 'hidden' }), ...fields);
}

/** @param options what may be chosen */
export function formField(
  name: string,
  value: string | readonly string[],
  {
    type,
    label,
    options = [],
  }: { readonly type?: string; readonly label?: string; readonly options?: readonly string[] } = {},
): XmlElement {
  const text = (one: string) => element('value', dataForms, {}, one);
  return element(
    'field',
    dataForms,
    { var: name, type, label },
    ...(typeof value === 'string' ? [value] : value).map(text),
    ...options.map((option) => element('option', dataForms, {}, text(option))),
  );
}
