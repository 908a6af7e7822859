import type { XmlElement } from '../../xml/element.ts';
import { element } from '../../xml/element.ts';
import { dataForms, formField, formValues } from '../data-form.ts';
import { StanzaError } from '../stanza-error.ts';
import { pubsub, pubsubError } from './namespaces.ts';

/** XEP-0060 §4.5, without `authorize`. */
export const accessModels = ['open', 'presence', 'roster', 'whitelist'] as const;
export type AccessModel = (typeof accessModels)[number];

const lastItemPolicies = ['never', 'on_sub', 'on_sub_and_presence'] as const;

/** How a node is configured (XEP-0060 §16.4.4). */
export interface NodeOptions {
  readonly access_model: AccessModel;
  readonly roster_groups_allowed: readonly string[];
  readonly persist_items: boolean;
  /** `max`: as many as the service keeps. */
  readonly max_items: number | 'max';
  readonly send_last_published_item: (typeof lastItemPolicies)[number];
  readonly deliver_notifications: boolean;
  readonly deliver_payloads: boolean;
  readonly notify_retract: boolean;
  readonly notify_delete: boolean;
  readonly notify_config: boolean;
  /** Who may publish: the owner (XEP-0163 §2.2). */
  readonly publish_model: 'publishers';
  /** XEP-0060 §7.1.2: notifications are no messages to keep. */
  readonly notification_type: 'headline';
  readonly title: string;
  readonly description: string;
  /** The namespace of payloads. */
  readonly type: string;
}

/** XEP-0163 §5. */
export const defaultNodeOptions: NodeOptions = {
  access_model: 'presence',
  roster_groups_allowed: [],
  persist_items: true,
  max_items: 1,
  send_last_published_item: 'on_sub_and_presence',
  deliver_notifications: true,
  deliver_payloads: true,
  notify_retract: true,
  notify_delete: true,
  notify_config: false,
  publish_model: 'publishers',
  notification_type: 'headline',
  title: '',
  description: '',
  type: '',
};

/** What options may be at most. */
export interface NodeOptionBounds {
  /** `max_items`. */
  readonly items: number;
  /** Characters of a text. */
  readonly text: number;
  /** Groups that may see a node. */
  readonly groups: number;
}

type Name = keyof NodeOptions;

const isName = (name: string): name is Name => Object.hasOwn(defaultNodeOptions, name);

const choices: Partial<Record<Name, readonly string[]>> = {
  access_model: accessModels,
  send_last_published_item: lastItemPolicies,
  publish_model: ['publishers'],
  notification_type: ['headline'],
};

const booleans: Readonly<Record<string, boolean>> = { '0': false, '1': true, false: false, true: true };

/** The value of one option; undefined when it cannot be that. */
function readValue(name: Name, values: readonly string[], bounds: NodeOptionBounds): NodeOptions[Name] | undefined {
  const [value = '', ...rest] = values;
  if (name === 'roster_groups_allowed') {
    const isFit = values.length <= bounds.groups && values.every(({ length }) => length <= bounds.text);
    return isFit ? [...new Set(values)] : undefined;
  }
  if (rest.length > 0) return undefined;
  const chosen = choices[name];
  if (chosen !== undefined) return chosen.includes(value) ? (value as NodeOptions[Name]) : undefined;
  if (name === 'max_items') {
    if (value === 'max') return value;
    return /^[1-9]\d{0,8}$/.test(value) && Number(value) <= bounds.items ? Number(value) : undefined;
  }
  if (typeof defaultNodeOptions[name] === 'boolean')
    return Object.hasOwn(booleans, value) ? booleans[value] : undefined;
  return value.length <= bounds.text ? value : undefined;
}

/** Reads the fields of a form. @param formType its `FORM_TYPE` has to be this one */
export function readNodeOptions(
  form: XmlElement | undefined,
  formType: 'node_config' | 'publish-options',
  bounds: NodeOptionBounds,
): Partial<NodeOptions> | StanzaError {
  const read: Record<string, unknown> = {};
  for (const [field, values] of formValues(form)) {
    if (field === 'FORM_TYPE') {
      if (values[0] !== `${pubsub}#${formType}`)
        return new StanzaError('not-acceptable', `FORM_TYPE is ${pubsub}#${formType}`);
      continue;
    }
    const name = field.startsWith('pubsub#') ? field.slice('pubsub#'.length) : '';
    // XEP-0060 §7.1.5: fields that nobody knows cannot be met.
    if (!isName(name)) {
      const text = `${field.slice(0, 100)} is no option of nodes here`;
      return formType === 'publish-options' ? notMet(text) : new StanzaError('not-acceptable', text);
    }
    const value = readValue(name, values, bounds);
    if (value === undefined) return badValue(name, bounds);
    read[name] = value;
  }
  return read as Partial<NodeOptions>;
}

function badValue(name: Name, { items, text, groups }: NodeOptionBounds): StanzaError {
  if (name === 'access_model') {
    const models = `access_model is one of ${accessModels.join(', ')}`;
    return pubsubError('not-acceptable', 'unsupported-access-model', { text: models });
  }
  if (name === 'max_items') {
    return pubsubError('not-acceptable', 'max-items-exceeded', { text: `max_items is 1 to ${items}, or max` });
  }
  const right =
    choices[name]?.join(', ') ??
    (typeof defaultNodeOptions[name] === 'boolean' ? 'true or false' : `${text} characters at most`);
  const most = name === 'roster_groups_allowed' ? `, ${groups} of them` : '';
  return new StanzaError('not-acceptable', `${name} is ${right}${most}`);
}

const notMet = (text: string) => pubsubError('conflict', 'precondition-not-met', { text });

/** XEP-0060 §7.1.5: a node that is there has to be as the publisher wants it to be. @returns why it is not */
export function unmetPrecondition(options: NodeOptions, wanted: Partial<NodeOptions>): StanzaError | undefined {
  for (const [name, value] of Object.entries(wanted)) {
    const own = options[name as Name];
    if (JSON.stringify(own) !== JSON.stringify(value)) return notMet(`${name} is ${JSON.stringify(own)} here`);
  }
  return undefined;
}

const labels: Readonly<Record<Name, string>> = {
  access_model: 'Who may subscribe and retrieve items',
  roster_groups_allowed: 'Groups of contacts that may, where that is roster',
  persist_items: 'Keep items',
  max_items: 'Items to keep',
  send_last_published_item: 'When to send the last published item',
  deliver_notifications: 'Send notifications',
  deliver_payloads: 'Send payloads along',
  notify_retract: 'Tell of items that are retracted',
  notify_delete: 'Tell when the node is deleted',
  notify_config: 'Tell when the configuration changes',
  publish_model: 'Who may publish',
  notification_type: 'Type of notifications',
  title: 'Title',
  description: 'Description',
  type: 'Namespace of payloads',
};

/** The form of XEP-0060 §8.2. @param names only these */
export function nodeOptionsForm(
  type: 'form' | 'result',
  formType: 'node_config' | 'meta-data',
  options: NodeOptions,
  names: readonly Name[] = Object.keys(defaultNodeOptions) as Name[],
): XmlElement {
  const fields = names.map((name) => {
    const value = options[name];
    const kind =
      choices[name] !== undefined
        ? 'list-single'
        : typeof value === 'boolean'
          ? 'boolean'
          : name === 'roster_groups_allowed'
            ? 'text-multi'
            : 'text-single';
    const written = typeof value === 'object' ? value : String(value);
    const described = type === 'form' ? { label: labels[name], options: choices[name] ?? [] } : {};
    return formField(`pubsub#${name}`, written, { type: kind, ...described });
  });
  return element(
    'x',
    dataForms,
    { type },
    formField('FORM_TYPE', `${pubsub}#${formType}`, { type: 'hidden' }),
    ...fields,
  );
}
