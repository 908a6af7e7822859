import { type JsonResource, type JsonValue, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { formatFullTime, formatRelative } from '../../platform/format.ts';
import { nodeText, valueText } from '../../platform/node-text.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { withUnits } from '../../platform/units.ts';
import { LongText } from '../../ui/long-text.tsx';
import { tellFailure } from '../../ui/notices.tsx';
import { ActButton } from './act-button.tsx';
import { AttributesDialog } from './attributes-dialog.tsx';
import { mostChosen } from './choosing.ts';
import type { DeviceData } from './device-data.ts';
import { ExecuteDialog } from './execute-dialog.tsx';
import type { KnownValue, LiveValue } from './live-values.ts';
import { useObserving } from './observing.ts';
import type { ResourceFacts } from './resource-facts.ts';
import { ResourceHistory } from './resource-history.tsx';
import { WriteDialog } from './write-dialog.tsx';

interface ResourceRowProps {
  readonly data: DeviceData;
  readonly facts: ResourceFacts;
}

/** One resource: what it is, what it holds, and what may be done with it. */
export function ResourceRow({ data, facts }: ResourceRowProps) {
  const t = useText();
  const value = data.live.get(facts.path);
  const isPlotted = data.plots.shown.includes(facts.path);
  return (
    <>
      <tr data-path={facts.path}>
        <th scope="row">
          <Choice data={data} facts={facts} />
          {facts.label}
          <small>
            <code>{facts.path}</code> {t(`type.${facts.type}`)}
          </small>
        </th>
        <td class="value">
          {facts.operations === 'E' ? '' : <Value value={value} known={data.live.known(facts.path)} facts={facts} />}
        </td>
        <td class="row-actions">
          <Actions data={data} facts={facts} />
        </td>
      </tr>
      {isPlotted && (
        <tr class="plot-row">
          <td colSpan={3}>
            <ResourceHistory data={data} path={facts.path} name={facts.label} units={facts.units} />
          </td>
        </tr>
      )}
    </>
  );
}

/** While resources are chosen to be asked together. */
function Choice({ data: { choosing }, facts: { path, label, operations } }: ResourceRowProps) {
  const t = useText();
  const { paths, toggle } = choosing;
  if (paths === undefined || !operations.includes('R')) return null;
  const isChosen = paths.includes(path);
  return (
    <input
      type="checkbox"
      aria-label={t('several.one', { name: `${label} ${path}` })}
      checked={isChosen}
      disabled={!isChosen && paths.length >= mostChosen}
      onChange={() => toggle(path)}
    />
  );
}

interface ValueProps {
  readonly value: LiveValue | undefined;
  readonly known: KnownValue | undefined;
  readonly facts: ResourceFacts;
}

function Value({ value, known, facts }: ValueProps) {
  const t = useText();
  if (!value && known)
    return (
      <span class="past" title={formatFullTime(known.time)}>
        <Shown text={knownText(known, facts)} /> <small>{formatRelative(known.time)}</small>
      </span>
    );
  if (!value)
    return (
      <span class="unread" title={t('resource.unread')}>
        —
      </span>
    );
  return (
    // The key makes a new element of each new value: it lights up.
    <span key={value.time} class="fresh" title={formatFullTime(value.time)}>
      <Shown text={nodeText(value.resource)} />
    </span>
  );
}

function Shown({ text }: { readonly text: string }) {
  const t = useText();
  return text.trim() === '' ? <em class="unread">{t('resource.empty')}</em> : <LongText text={text} />;
}

function knownText({ value, isMultiple }: KnownValue, { type, units }: ResourceFacts): string {
  const parts = isMultiple
    ? Object.entries(value as Readonly<Record<string, JsonValue>>).map(([id, one]) => `${id}: ${valueText(one, type)}`)
    : [valueText(value as JsonValue, type)];
  return withUnits(parts.join(', '), units);
}

/** As if it had been read: what an editor begins with. */
function knownResource(known: KnownValue | undefined, { path, id, type }: ResourceFacts): JsonResource | undefined {
  if (known === undefined) return undefined;
  const { value, isMultiple } = known;
  return isMultiple
    ? { kind: 'multiple-resource', path, id, type, values: value as Record<string, JsonValue> }
    : { kind: 'resource', path, id, type, value: value as JsonValue };
}

type Asked = 'write' | 'execute' | 'attributes';

function Actions({ data, facts }: ResourceRowProps) {
  const may = useMay('operator');
  const [asked, setAsked] = useState<Asked>();
  const observing = useObserving(data, facts);
  const { device } = data;
  const close = () => setAsked(undefined);
  const read = async () => {
    try {
      const answer = await call(routes.readResource, { params: { device, path: facts.path.slice(1) } });
      data.live.accept(answer.node, Date.parse(answer.time));
    } catch (error) {
      tellFailure(error);
    }
  };
  const isReadable = facts.operations.includes('R');
  const onWritten = () => isReadable && void read();
  const ask = (what: Asked) => () => setAsked(what);
  return (
    <>
      {isReadable && <ActButton icon="read" text="resource.read" name={facts.label} onAct={read} />}
      {may && facts.operations.includes('W') && (
        <ActButton icon="pencil" text="resource.write" name={facts.label} onAct={ask('write')} />
      )}
      {may && facts.operations === 'E' && (
        <ActButton icon="play" text="resource.execute" name={facts.label} onAct={ask('execute')} />
      )}
      {may && isReadable && (
        <ActButton
          icon="chart"
          text="resource.observe"
          name={facts.label}
          isOn={observing.isOn}
          onAct={observing.toggle}
        />
      )}
      {data.live.isPlottable(facts.path) && (
        <ActButton
          icon="history"
          text="resource.history"
          name={facts.label}
          isOn={data.plots.shown.includes(facts.path)}
          onAct={() => data.plots.toggle(facts.path)}
        />
      )}
      {may && isReadable && !data.speaksRa && (
        <ActButton icon="sliders" text="resource.attributes" name={facts.label} onAct={ask('attributes')} />
      )}
      {asked === 'write' && (
        <WriteDialog
          device={device}
          facts={facts}
          present={data.live.get(facts.path)?.resource ?? knownResource(data.live.known(facts.path), facts)}
          onClose={close}
          onWritten={onWritten}
        />
      )}
      {asked === 'execute' && <ExecuteDialog device={device} facts={facts} onClose={close} />}
      {asked === 'attributes' && <AttributesDialog device={device} target={facts} onClose={close} />}
    </>
  );
}
