import { routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { requested } from './requested.ts';
import type { ResourceFacts } from './resource-facts.ts';

interface AttributesDialogProps {
  readonly device: string;
  readonly facts: ResourceFacts;
  readonly onClose: () => void;
}

const general = ['pmin', 'pmax'] as const;
const numeric = ['gt', 'lt', 'st'] as const;
type Name = (typeof general)[number] | (typeof numeric)[number];

/** What was typed for an attribute, or null to remove it. */
type Wanted = Readonly<Partial<Record<Name, string | null>>>;

/** Sets the attributes that shape notifications of a resource (LwM2M Core §5.1.2). */
export function AttributesDialog({ device, facts, onClose }: AttributesDialogProps) {
  const t = useText();
  const [wanted, setWanted] = useState<Wanted>({});
  const [wasTried, setTried] = useState(false);
  const isNumber = ['integer', 'unsigned', 'float'].includes(facts.type);
  const set = async () => {
    setTried(true);
    const body = bodyOf(wanted);
    if (body === undefined || Object.keys(body).length === 0) return false;
    const params = { device, path: facts.path.slice(1) };
    if (await requested(call(routes.writeAttributes, { params, body }))) tellDone(t('attributes.done'));
    return true;
  };
  return (
    <Dialog
      title={t('resource.attributes', { name: facts.label })}
      action={t('attributes.action')}
      onAction={set}
      onClose={onClose}
    >
      <p class="hint">{t('attributes.lead')}</p>
      {[...general, ...(isNumber ? numeric : [])].map((name) => (
        <AttributeField
          key={name}
          name={name}
          wanted={wanted[name]}
          wasTried={wasTried}
          onWanted={(value) => setWanted((before) => ({ ...before, [name]: value }))}
        />
      ))}
    </Dialog>
  );
}

interface AttributeFieldProps {
  readonly name: Name;
  readonly wanted: string | null | undefined;
  readonly wasTried: boolean;
  readonly onWanted: (value: string | null) => void;
}

function AttributeField({ name, wanted, wasTried, onWanted }: AttributeFieldProps) {
  const t = useText();
  const isWrong = wasTried && typeof wanted === 'string' && wanted.trim() !== '' && !Number.isFinite(Number(wanted));
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
          aria-invalid={isWrong}
          onInput={(event) => onWanted(event.currentTarget.value)}
        />
        {isWrong && <small class="wrong">{t('input.float')}</small>}
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

function bodyOf(wanted: Wanted): Record<string, number | null> | undefined {
  const body: Record<string, number | null> = {};
  for (const [name, value] of Object.entries(wanted)) {
    if (value === null) body[name] = null;
    else if (value.trim() !== '') body[name] = Number(value);
  }
  return Object.values(body).some(Number.isNaN) ? undefined : body;
}
