import { routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useLoad } from '../../platform/load.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { type AttributeConflict, attributeConflict } from './attribute-conflict.ts';
import { requested } from './requested.ts';
import type { ResourceFacts } from './resource-facts.ts';

interface AttributesDialogProps {
  readonly device: string;
  /** Without a type: an object or an instance, which has none of the attributes of values. */
  readonly target: Pick<ResourceFacts, 'path' | 'label'> & Partial<Pick<ResourceFacts, 'type'>>;
  readonly onClose: () => void;
}

const general = ['pmin', 'pmax'] as const;
const numeric = ['gt', 'lt', 'st'] as const;
const binary = ['edge'] as const;
/** Terminals of LwM2M 1.0 know none of them. */
const newer = ['epmin', 'epmax', 'con', 'hqmax'] as const;
type Name = (typeof general | typeof numeric | typeof binary | typeof newer)[number];

/** What was typed for an attribute, or null to remove it. */
type Wanted = Readonly<Partial<Record<Name, string | null>>>;

/** Sets the attributes that shape notifications of a resource, an instance or an object (LwM2M Core §5.1.2). */
export function AttributesDialog({ device, target, onClose }: AttributesDialogProps) {
  const t = useText();
  const [wanted, setWanted] = useState<Wanted>({});
  const [conflict, setConflict] = useState<AttributeConflict>();
  // A device that sleeps is not woken for it, and one that cannot tell is not waited for.
  const { data: present } = useLoad(
    async (signal) => {
      const params = { device, path: target.path.slice(1) };
      const { links } = await call(routes.discoverResources, { params, query: { queue: 'never' }, signal });
      return links.find(({ path }) => path === target.path)?.attributes;
    },
    [device, target.path],
  );
  const isNumber = target.type !== undefined && ['integer', 'unsigned', 'float'].includes(target.type);
  const field = (name: Name) => (
    <AttributeField
      key={name}
      name={name}
      wanted={wanted[name]}
      present={present?.[name]}
      onWanted={(value) => setWanted((before) => ({ ...before, [name]: value }))}
    />
  );
  const set = async () => {
    const body = bodyOf(wanted);
    if (Object.keys(body).length === 0) return true; // nothing is to change
    const found = attributeConflict({ ...numbersOf(present), ...withoutNulls(body) });
    setConflict(found);
    if (found) return false;
    const params = { device, path: target.path.slice(1) };
    if (await requested(call(routes.writeAttributes, { params, body }))) tellDone(t('attributes.done'));
    return true;
  };
  return (
    <Dialog
      title={t('resource.attributes', { name: target.label })}
      action={t('attributes.action')}
      onAction={set}
      onClose={onClose}
    >
      <p class="hint">{t('attributes.lead')}</p>
      {[...general, ...(isNumber ? numeric : [])].map(field)}
      <details>
        <summary>{t('attributes.more')}</summary>
        {[...(target.type === 'boolean' ? binary : []), ...newer].map(field)}
      </details>
      {conflict && (
        <p class="wrong" role="alert">
          {t(conflict.problem, { one: conflict.one, other: conflict.other })}
        </p>
      )}
    </Dialog>
  );
}

interface AttributeFieldProps {
  readonly name: Name;
  readonly wanted: string | null | undefined;
  /** As the device has it; absent: it has none, or did not tell. */
  readonly present: string | undefined;
  readonly onWanted: (value: string | null) => void;
}

function AttributeField({ name, wanted, present, onWanted }: AttributeFieldProps) {
  const t = useText();
  return (
    <div class="attribute">
      <label class="field">
        <span>
          <code>{name}</code> {t(`attributes.${name}`)}
        </span>
        <input
          inputMode="decimal"
          autocomplete="off"
          value={wanted ?? ''}
          disabled={wanted === null}
          pattern={patterns[kinds[name]]}
          maxLength={20}
          onInput={(event) => onWanted(event.currentTarget.value)}
        />
        <small>
          {t(`attributes.hint.${kinds[name]}`)}
          {present !== undefined && ` ${t('attributes.present', { value: present })}`}
        </small>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={wanted === null}
          onChange={(event) => onWanted(event.currentTarget.checked ? null : '')}
        />
        {t('attributes.remove')}
      </label>
    </div>
  );
}

const kinds = {
  pmin: 'seconds',
  pmax: 'seconds',
  gt: 'number',
  lt: 'number',
  st: 'step',
  edge: 'bit',
  epmin: 'seconds',
  epmax: 'seconds',
  con: 'bit',
  hqmax: 'count',
} as const satisfies Readonly<Record<Name, string>>;

const whole = '\\s*\\d{1,9}\\s*';
const patterns = {
  seconds: whole,
  count: whole,
  bit: '\\s*[01]\\s*',
  number: '\\s*-?\\d+([.]\\d+)?\\s*',
  step: '\\s*\\d+([.]\\d+)?\\s*',
} as const;

/** The form has checked that they are numbers. */
function bodyOf(wanted: Wanted): Record<string, number | null> {
  const body: Record<string, number | null> = {};
  for (const [name, value] of Object.entries(wanted)) {
    if (value === null) body[name] = null;
    else if (value.trim() !== '') body[name] = Number(value);
  }
  return body;
}

/** Attributes that the device has, as far as they are numbers. */
function numbersOf(present: Readonly<Record<string, string>> = {}): Record<string, number> {
  return Object.fromEntries(
    Object.entries(present)
      .filter(([, text]) => text.trim() !== '' && Number.isFinite(Number(text)))
      .map(([name, text]) => [name, Number(text)]),
  );
}

/** What is removed is no number any more. */
function withoutNulls(body: Readonly<Record<string, number | null>>): Record<string, number | undefined> {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, value ?? undefined]));
}
