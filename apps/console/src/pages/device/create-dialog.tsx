import { type JsonObjectDefinition, type JsonValue, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useModelNames } from '../../platform/model-names.ts';
import { call } from '../../platform/session.ts';
import { type Translate, useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';
import type { DeviceData } from './device-data.ts';
import type { AnnouncedObject } from './object-list.tsx';
import { requested } from './requested.ts';
import { factsOf, type ResourceFacts } from './resource-facts.ts';
import { ValueField } from './value-field.tsx';
import { parseInput } from './value-input.ts';
import { parseEntries, type ValueEntry, ValuesField } from './values-field.tsx';

interface CreateDialogProps {
  readonly data: DeviceData;
  readonly object: AnnouncedObject;
  readonly definition: JsonObjectDefinition | undefined;
  readonly onClose: () => void;
}

/** Asks what a new instance begins with, and creates it. */
export function CreateDialog({ data, object, definition, onClose }: CreateDialogProps) {
  const t = useText();
  const names = useModelNames();
  const [instance, setInstance] = useState('');
  const [given, setGiven] = useState<Given>({});
  const [wasTried, setTried] = useState(false);
  const path = `${object.prefix}/${object.id}`;
  const fields = (definition?.resources ?? [])
    .filter(({ operations }) => operations !== 'E')
    .map((resource) => factsOf(`${path}/0`, resource));
  const isId = instance === '' || (/^\d{1,5}$/.test(instance) && Number(instance) <= 65534);
  const create = async () => {
    setTried(true);
    const values = valuesOf(fields, given);
    if (values === undefined || !isId) return false;
    const body = { resources: values, ...(instance === '' ? {} : { instanceId: Number(instance) }) };
    const asked = call(routes.createInstance, { params: { device: data.device, path: path.slice(1) }, body });
    if (await requested(asked)) {
      data.reload();
      tellDone(t('object.created', { path: (await asked).path ?? path }));
    }
    return true;
  };
  const give = (id: number, entries: readonly ValueEntry[]) => setGiven((before) => ({ ...before, [id]: entries }));
  return (
    <Dialog title={t('object.create')} action={t('create.action')} onAction={create} onClose={onClose}>
      <p class="hint">{t('create.hint')}</p>
      <ValueField
        label={t('create.id')}
        type="unsigned"
        text={instance}
        problem={wasTried && !isId ? t('create.id.wrong') : undefined}
        onText={setInstance}
      />
      {fields.map((facts) => {
        const label = `${names.resource(facts.path, facts.label)}${facts.isMandatory ? ' *' : ''}`;
        const entries = given[facts.id] ?? [];
        if (facts.isMultiple)
          return (
            <ValuesField
              key={facts.id}
              facts={facts}
              legend={label}
              entries={entries}
              wasTried={wasTried}
              onEntries={(next) => give(facts.id, next)}
            />
          );
        const text = entries[0]?.text ?? '';
        return (
          <ValueField
            {...facts}
            key={facts.id}
            isOptional
            label={label}
            text={text}
            problem={wasTried && text !== '' ? problemOf(text, facts, t) : undefined}
            onText={(next) => give(facts.id, next === '' ? [] : [{ id: '0', text: next }])}
          />
        );
      })}
    </Dialog>
  );
}

/** What was filled in, by resource; of one that has no instances there is at most one entry. */
type Given = Readonly<Record<number, readonly ValueEntry[]>>;

function problemOf(text: string, { type, range }: ResourceFacts, t: Translate): string | undefined {
  const parsed = parseInput(text, type, range);
  return parsed.ok ? undefined : t(parsed.problem, { range: parsed.range ?? '' });
}

/** The values as the API takes them, or undefined when something is not right. */
function valuesOf(
  fields: readonly ResourceFacts[],
  given: Given,
): Record<string, JsonValue | Record<string, JsonValue>> | undefined {
  const values: Record<string, JsonValue | Record<string, JsonValue>> = {};
  for (const facts of fields) {
    const entries = given[facts.id] ?? [];
    if (entries.length === 0) continue;
    const parsed = parseEntries(entries, facts);
    if (parsed === undefined) return undefined;
    values[facts.id] = facts.isMultiple ? parsed : parsed[0]!;
  }
  return values;
}
