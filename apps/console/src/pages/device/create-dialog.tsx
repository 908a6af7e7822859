import { type JsonObjectDefinition, type JsonValue, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useModelNames } from '../../platform/model-names.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';
import type { DeviceData } from './device-data.ts';
import type { AnnouncedObject } from './object-list.tsx';
import { requested } from './requested.ts';
import { ValueField } from './value-field.tsx';
import { parseInput } from './value-input.ts';

interface CreateDialogProps {
  readonly data: DeviceData;
  readonly object: AnnouncedObject;
  readonly definition: JsonObjectDefinition | undefined;
  readonly onClose: () => void;
}

type Resource = JsonObjectDefinition['resources'][number];

/** Asks what a new instance begins with, and creates it. */
export function CreateDialog({ data, object, definition, onClose }: CreateDialogProps) {
  const t = useText();
  const names = useModelNames();
  const [instance, setInstance] = useState('');
  const [texts, setTexts] = useState<Readonly<Record<number, string>>>({});
  const [wasTried, setTried] = useState(false);
  const path = `${object.prefix}/${object.id}`;
  const resources = (definition?.resources ?? []).filter(({ operations, multiple }) => operations !== 'E' && !multiple);
  const create = async () => {
    setTried(true);
    const values = valuesOf(resources, texts);
    const isNumber = instance === '' || (/^\d{1,5}$/.test(instance) && Number(instance) <= 65534);
    if (values === undefined || !isNumber) return false;
    const body = { resources: values, ...(instance === '' ? {} : { instanceId: Number(instance) }) };
    const asked = call(routes.createInstance, { params: { device: data.device, path: path.slice(1) }, body });
    if (await requested(asked)) {
      data.reload();
      tellDone(t('object.created', { path: (await asked).path ?? path }));
    }
    return true;
  };
  return (
    <Dialog title={t('object.create')} action={t('create.action')} onAction={create} onClose={onClose}>
      <p class="hint">{t('create.hint')}</p>
      <ValueField
        label={t('create.id')}
        type="unsigned"
        text={instance}
        problem={wasTried && !/^\d{0,5}$/.test(instance) ? t('input.instance') : undefined}
        onText={setInstance}
      />
      {resources.map((resource) => (
        <ValueField
          key={resource.id}
          label={`${names.resource(`${path}/0/${resource.id}`, resource.name)}${resource.mandatory ? ' *' : ''}`}
          type={resource.type === 'boolean' ? 'string' : resource.type}
          range={resource.type === 'boolean' ? 'true, false' : resource.range}
          units={resource.units}
          text={texts[resource.id] ?? ''}
          problem={wasTried ? problemOf(resource, texts, t) : undefined}
          onText={(text) => setTexts((before) => ({ ...before, [resource.id]: text }))}
        />
      ))}
    </Dialog>
  );
}

function problemOf(
  { id, type, range }: Resource,
  texts: Readonly<Record<number, string>>,
  t: ReturnType<typeof useText>,
) {
  const text = texts[id] ?? '';
  const parsed = text === '' ? undefined : parseInput(text, type, range);
  return parsed === undefined || parsed.ok ? undefined : t(parsed.problem, { range: parsed.range ?? '' });
}

/** What was filled in, or undefined when something is not right. */
function valuesOf(
  resources: readonly Resource[],
  texts: Readonly<Record<number, string>>,
): Record<string, JsonValue> | undefined {
  const values: Record<string, JsonValue> = {};
  for (const { id, type, range } of resources) {
    const text = texts[id] ?? '';
    if (text === '') continue;
    const parsed = parseInput(text, type, range);
    if (!parsed.ok) return undefined;
    values[id] = parsed.value;
  }
  return values;
}
