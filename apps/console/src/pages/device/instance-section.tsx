import { type JsonObjectDefinition, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useModelNames } from '../../platform/model-names.ts';
import { call, useMay } from '../../platform/session.ts';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { tellDone, tellFailure } from '../../ui/notices.tsx';
import type { DeviceData } from './device-data.ts';
import { LevelActions } from './level-actions.tsx';
import { requested } from './requested.ts';
import { factsOf, heardFacts, type ResourceFacts, unknownFacts } from './resource-facts.ts';
import { ResourceRow } from './resource-row.tsx';

interface InstanceSectionProps {
  readonly data: DeviceData;
  /** `/3303/0` */
  readonly path: string;
  readonly definition: JsonObjectDefinition | undefined;
  readonly filter: string;
}

/** One instance of an object: its resources, by the object model and by what the device answered. */
export function InstanceSection({ data, path, definition, filter }: InstanceSectionProps) {
  const t = useText();
  const names = useModelNames();
  const shown = useResources(data, path, definition)
    .map((facts) => ({ ...facts, label: names.resource(facts.path, facts.label)!, ownLabel: facts.label }))
    .filter(({ label, ownLabel }) => `${label} ${ownLabel}`.toLowerCase().includes(filter));
  return (
    <section class="instance" aria-label={path} data-path={path}>
      <div class="instance-head">
        <code>{path}</code>
        <ReadAll data={data} path={path} />
        <LevelActions data={data} path={path} />
        {definition?.multiple && !data.speaksRa && <DeleteInstance data={data} path={path} />}
      </div>
      <table class="resources">
        <caption class="unseen">{path}</caption>
        <thead class="unseen">
          <tr>
            <th scope="col">{t('resource.name')}</th>
            <th scope="col">{t('resource.value')}</th>
            <th scope="col">{t('common.actions')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((facts) => (
            <ResourceRow key={facts.path} data={data} facts={facts} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function useResources(
  data: DeviceData,
  path: string,
  definition: JsonObjectDefinition | undefined,
): readonly ResourceFacts[] {
  useStore(data.live.changes);
  const known = (definition?.resources ?? []).map((resource) => factsOf(path, resource));
  const paths = new Set(known.map((facts) => facts.path));
  const others = data.live.below(path).filter((one) => !paths.has(one));
  const heard = data.live.knownBelow(path).filter((one) => !paths.has(one) && !others.includes(one));
  return [
    ...known,
    ...others.map((one) => unknownFacts(data.live.get(one)!.resource)),
    ...heard.map((one) => heardFacts(one, data.live.known(one)!)),
  ];
}

function ReadAll({ data, path }: { readonly data: DeviceData; readonly path: string }) {
  const t = useText();
  const [isBusy, setBusy] = useState(false);
  const read = async () => {
    if (isBusy) return;
    setBusy(true);
    try {
      const { node, time } = await call(routes.readResource, { params: { device: data.device, path: path.slice(1) } });
      data.live.accept(node, Date.parse(time));
    } catch (error) {
      tellFailure(error);
    }
    setBusy(false);
  };
  return (
    <button type="button" class="end" data-act="resource.read" aria-disabled={isBusy} onClick={read}>
      <Icon name="read" /> {t('object.read')}
    </button>
  );
}

function DeleteInstance({ data, path }: { readonly data: DeviceData; readonly path: string }) {
  const t = useText();
  const may = useMay('operator');
  const [asks, setAsks] = useState(false);
  if (!may) return null;
  const remove = async () => {
    if (!(await requested(call(routes.deleteInstance, { params: { device: data.device, path: path.slice(1) } }))))
      return;
    data.live.forget(path);
    data.reload();
    tellDone(t('object.deleted', { path }));
  };
  return (
    <>
      <button
        type="button"
        class="quiet icon-only"
        aria-label={t('object.delete')}
        title={t('object.delete')}
        onClick={() => setAsks(true)}
      >
        <Icon name="trash" />
      </button>
      {asks && (
        <Dialog
          title={t('object.delete')}
          action={t('common.delete')}
          isDangerous
          onAction={remove}
          onClose={() => setAsks(false)}
        >
          <p>{t('object.delete.ask', { path })}</p>
        </Dialog>
      )}
    </>
  );
}
