import type { JsonHomeDevice, JsonHomeResource } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { formatRelative } from '../../platform/format.ts';
import { useModelNames } from '../../platform/model-names.ts';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import { unitText } from '../../platform/units.ts';
import { keyOf, latest, shownValue, waiting, write } from '../model/home-model.ts';
import { labelOf, valueText } from '../model/value-text.ts';

interface ControlProps {
  readonly device: JsonHomeDevice;
  readonly resource: JsonHomeResource;
}

/** A value with the control that fits it: a switch, a slider, a stepper, or the value alone. */
export function ResourceControl({ device, resource }: ControlProps) {
  const { type, may, range } = resource;
  if (!may.includes('write')) return <Readout device={device} resource={resource} />;
  if (type === 'boolean') return <Switch device={device} resource={resource} />;
  if (type !== 'integer' && type !== 'float' && type !== 'unsigned') {
    return <Readout device={device} resource={resource} />;
  }
  return range === undefined ? (
    <Stepper device={device} resource={resource} />
  ) : (
    <Slider device={device} resource={resource} range={range} />
  );
}

function Readout({ device, resource }: ControlProps) {
  const t = useText();
  const names = useModelNames();
  const known = shownValue(useStore(latest), device.device, resource);
  const isOld = device.state !== 'ONLINE';
  return (
    <div class="readout" data-path={resource.path}>
      <span class="label">{labelOf(resource, t, names)}</span>
      {known === undefined ? (
        <span class="hint">{t('home.never')}</span>
      ) : (
        <strong>
          {valueText(resource, known.value, t)} <small>{unitText(resource.units)}</small>
        </strong>
      )}
      {isOld && known !== undefined && <span class="hint">{formatRelative(known.time)}</span>}
    </div>
  );
}

/** What is shown is what a device that sleeps will be told, or what one that is away was when it was heard last. */
function Standing({ device, resource }: ControlProps) {
  const t = useText();
  const isWaiting = useStore(waiting).has(keyOf(device.device, resource.path));
  const known = shownValue(useStore(latest), device.device, resource);
  if (isWaiting) return <small class="waits">{t('home.waiting')}</small>;
  return isAway(device) && known !== undefined ? <small>{formatRelative(known.time)}</small> : null;
}

/** Nothing can be asked of it. */
function isAway({ state }: JsonHomeDevice): boolean {
  return state === 'OFFLINE';
}

function Switch({ device, resource }: ControlProps) {
  const t = useText();
  const names = useModelNames();
  const isOn = shownValue(useStore(latest), device.device, resource)?.value === true;
  const label = labelOf(resource, t, names);
  return (
    <div class="control" data-path={resource.path}>
      <span class="label">
        <span aria-hidden="true">{label}</span>
        <Standing device={device} resource={resource} />
      </span>
      <button
        type="button"
        role="switch"
        class="switch"
        disabled={isAway(device)}
        aria-checked={isOn}
        aria-label={label}
        onClick={() => void write(device, resource.path, !isOn)}
      />
    </div>
  );
}

function Slider({
  device,
  resource,
  range,
}: ControlProps & { readonly range: NonNullable<JsonHomeResource['range']> }) {
  const t = useText();
  const names = useModelNames();
  const value = numberOf(shownValue(useStore(latest), device.device, resource)?.value);
  const [moved, setMoved] = useState<number | undefined>(undefined);
  const shown = moved ?? value ?? range.min;
  const label = labelOf(resource, t, names);
  const unit = unitText(resource.units);
  const settle = async (to: number) => {
    await write(device, resource.path, to);
    setMoved(undefined);
  };
  return (
    <div class="control wide" data-path={resource.path}>
      <span class="label">
        <span aria-hidden="true">{label}</span>
        <Standing device={device} resource={resource} />
      </span>
      <input
        type="range"
        disabled={isAway(device)}
        min={range.min}
        max={range.max}
        step={resource.type === 'float' ? 'any' : 1}
        value={shown}
        aria-label={label}
        aria-valuetext={`${valueText(resource, shown, t)} ${unit}`}
        onInput={(e) => setMoved(e.currentTarget.valueAsNumber)}
        onChange={(e) => void settle(e.currentTarget.valueAsNumber)}
      />
      <output>
        {valueText(resource, shown, t)} {unit}
      </output>
    </div>
  );
}

function Stepper({ device, resource }: ControlProps) {
  const t = useText();
  const names = useModelNames();
  const value = numberOf(shownValue(useStore(latest), device.device, resource)?.value);
  const label = labelOf(resource, t, names);
  const step = resource.type === 'float' ? 0.5 : 1;
  const change = (by: number) => void write(device, resource.path, Math.round(((value ?? 0) + by) * 100) / 100);
  return (
    <div class="control" data-path={resource.path}>
      <span class="label">
        {label}
        <Standing device={device} resource={resource} />
      </span>
      <span class="stepper">
        <button
          type="button"
          disabled={isAway(device)}
          aria-label={t('home.less', { name: label })}
          onClick={() => change(-step)}
        >
          −
        </button>
        <output aria-live="polite">
          {value === undefined ? t('common.none') : valueText(resource, value, t)} {unitText(resource.units)}
        </output>
        <button
          type="button"
          disabled={isAway(device)}
          aria-label={t('home.more', { name: label })}
          onClick={() => change(step)}
        >
          +
        </button>
      </span>
    </div>
  );
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
