import {
  bulkKinds,
  type JsonBulkDevices,
  type JsonBulkOperation,
  type JsonGroup,
  type JsonObjectDefinition,
  type JsonValue,
  routes,
} from '@yaolian/contract';
import { useEffect, useState } from 'preact/hooks';
import { allPages } from '../../platform/all-pages.ts';
import { useLoad } from '../../platform/load.ts';
import { navigate } from '../../platform/router.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { type CampaignChoice, CampaignPreview } from '../../ui/campaign-preview.tsx';
import { DeviceCount } from '../../ui/device-count.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { useDefinition } from '../device/definitions.ts';
import { ValueField } from '../device/value-field.tsx';
import { parseInput } from '../device/value-input.ts';
import { askedOf, type DeviceFilter } from './device-filter.ts';

/** Firmware goes in a campaign: with waves, and stops when too many fail. */
type Kind = JsonBulkOperation['kind'] | 'firmware';

/** What happens to devices that have not said what they are, where that is asked for. */
type Unread = 'leave-out' | 'ask';

type Devices = DeviceFilter | { readonly keys: readonly string[] };

interface Given {
  readonly kind: Kind;
  readonly path: string;
  readonly value: string;
  readonly args: string;
  readonly group: string;
  readonly file: string;
}

/** Asks what is to be done with many devices, and lets the platform begin. */
export function BulkDialog({
  devices,
  groups,
  onStarted,
  onClose,
}: {
  readonly devices: Devices;
  readonly groups: readonly JsonGroup[];
  readonly onStarted: () => void;
  readonly onClose: () => void;
}) {
  const t = useText();
  const mayForget = useMay('admin');
  const withMembers = groups.filter(({ query }) => query === undefined);
  const [given, setGiven] = useState<Given>({
    ...{ kind: 'read', path: '/3/0', value: '', args: '' },
    group: withMembers[0]?.name ?? '',
    file: '',
  });
  const [waits, setWaits] = useState(false);
  const [unread, setUnread] = useState<Unread>('leave-out');
  const [wasTried, setTried] = useState(false);
  const { kind } = given;
  const resource = useResource(kind === 'write' ? given.path : '');
  const written = resource && parseInput(given.value, resource.type, resource.range);
  const kinds: readonly Kind[] = [...bulkKinds.filter((one) => one !== 'forget' || mayForget), 'firmware'];
  const set = (change: Partial<Given>) => setGiven((before) => ({ ...before, ...change }));
  const start = async () => {
    setTried(true);
    if (isOfGroup(kind) && given.group === '') return false;
    if (written?.ok === false) return false;
    if (kind === 'firmware') return given.file !== '' && (await startCampaign(given.file, devices, unread));
    const chosen = 'keys' in devices ? { keys: [...devices.keys] } : (askedOf(devices) as JsonBulkDevices);
    const offline = waits ? ('wait' as const) : ('skip' as const);
    await call(routes.createBulkJob, {
      body: { operation: operationOf({ ...given, kind }, written?.value), devices: chosen, offline },
    });
    tellDone(t('bulk.started'));
    onStarted();
    return true;
  };
  return (
    <Dialog
      title={t('bulk.title')}
      action={kind === 'forget' ? t('bulk.kind.forget') : t('bulk.start')}
      isDangerous={kind === 'forget'}
      onAction={start}
      onClose={onClose}
    >
      <label class="field">
        <span>{t('bulk.what')}</span>
        <select value={kind} onChange={(event) => set({ kind: event.currentTarget.value as Kind })}>
          {kinds.map((one) => (
            <option key={one} value={one}>
              {t(`bulk.kind.${one}`)}
            </option>
          ))}
        </select>
      </label>
      {kind === 'firmware' && <PackageField chosen={given.file} onChoose={(file) => set({ file })} />}
      <Fields given={given} set={set} groups={withMembers} />
      {kind === 'write' && (
        <WrittenField
          resource={resource}
          text={given.value}
          problem={wasTried && written?.ok === false ? t(written.problem, { range: written.range ?? '' }) : undefined}
          onText={(value) => set({ value })}
        />
      )}
      {kind === 'forget' && <p>{t('bulk.forget.ask')}</p>}
      <Meant
        devices={devices}
        file={kind === 'firmware' ? given.file : undefined}
        unread={unread}
        onUnread={setUnread}
      />
      {!isOfGroup(kind) && kind !== 'forget' && kind !== 'firmware' && (
        <label class="check">
          <input type="checkbox" checked={waits} onChange={(event) => setWaits(event.currentTarget.checked)} />
          <span>
            {t('bulk.wait')}
            <small>{t('bulk.wait.hint')}</small>
          </span>
        </label>
      )}
    </Dialog>
  );
}

type Resource = JsonObjectDefinition['resources'][number];

/** The resource of a path, as the object model has it; undefined where it has none, or one with instances. */
function useResource(path: string): Resource | undefined {
  const [, object, id] = /^\s*\/?(\d{1,5})\/\d{1,5}\/(\d{1,5})\s*$/.exec(path) ?? [];
  const { data } = useDefinition(Number(object), undefined, object !== undefined);
  const found = data?.id === Number(object) ? data.resources.find((one) => one.id === Number(id)) : undefined;
  return found?.multiple === false && found.operations.includes('W') ? found : undefined;
}

interface WrittenFieldProps {
  readonly resource: Resource | undefined;
  readonly text: string;
  readonly problem: string | undefined;
  readonly onText: (text: string) => void;
}

/** The editor of what is written: by its type, where that is known. */
function WrittenField({ resource, text, problem, onText }: WrittenFieldProps) {
  const t = useText();
  // One field for both: who types while the type is looked up stays in it.
  const { type = 'string', range, units } = resource ?? {};
  const hint = resource === undefined ? t('bulk.value.hint') : undefined;
  return <ValueField {...{ type, range, units, hint, text, problem, onText }} isOptional label={t('bulk.value')} />;
}

/** How many devices it will be. */
function Meant({ devices, file, unread, onUnread }: MeantProps) {
  const t = useText();
  if ('keys' in devices) return <p class="count">{t('count.chosen', { count: devices.keys.length })}</p>;
  const choice = askedOf(devices);
  if (file === undefined) return <DeviceCount choice={choice as JsonBulkDevices} />;
  return <CampaignPreview file={file} choice={{ ...(choice as CampaignChoice), unread }} onUnread={onUnread} />;
}

interface MeantProps {
  readonly devices: Devices;
  /** Of a campaign: the package. */
  readonly file: string | undefined;
  readonly unread: Unread;
  readonly onUnread: (unread: Unread) => void;
}

async function startCampaign(file: string, devices: Devices, unread: Unread): Promise<true> {
  const name = `${new Date().toISOString().slice(0, 16)}`;
  const chosen = 'keys' in devices ? { keys: [...devices.keys] } : { ...(askedOf(devices) as CampaignChoice), unread };
  await call(routes.createCampaign, { body: { name, file, devices: chosen } });
  navigate('/firmware');
  return true;
}

function PackageField({ chosen, onChoose }: { readonly chosen: string; readonly onChoose: (file: string) => void }) {
  const t = useText();
  const { data } = useLoad((signal) => allPages((query) => call(routes.listFirmware, { query, signal })), []);
  const first = data?.items[0]?.id;
  useEffect(() => {
    if (chosen === '' && first !== undefined) onChoose(first);
  }, [first]);
  return (
    <label class="field">
      <span>{t('campaigns.package')}</span>
      <select value={chosen} required onChange={(event) => onChoose(event.currentTarget.value)}>
        {data?.items.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name} {one.version}
          </option>
        ))}
      </select>
      {data?.items.length === 0 && <small class="wrong">{t('firmware.packages.empty')}</small>}
      <small>{t('bulk.firmware.hint')}</small>
    </label>
  );
}

function Fields({
  given: { kind, path, args, group },
  set,
  groups,
}: {
  readonly given: Given;
  readonly set: (change: Partial<Given>) => void;
  readonly groups: readonly JsonGroup[];
}) {
  const t = useText();
  const hasPath = kind === 'read' || kind === 'write' || kind === 'execute' || kind === 'observe';
  return (
    <>
      {hasPath && (
        <label class="field">
          <span>{t('bulk.path')}</span>
          <input value={path} required maxLength={64} onInput={(event) => set({ path: event.currentTarget.value })} />
          {kind === 'read' && <small>{t('bulk.path.hint')}</small>}
        </label>
      )}
      {kind === 'execute' && (
        <label class="field">
          <span>{t('bulk.arguments')}</span>
          <input value={args} maxLength={1024} onInput={(event) => set({ args: event.currentTarget.value })} />
        </label>
      )}
      {isOfGroup(kind) && (
        <label class="field">
          <span>{t('bulk.group')}</span>
          <select value={group} required onChange={(event) => set({ group: event.currentTarget.value })}>
            {groups.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
          {groups.length === 0 && <small class="wrong">{t('bulk.no-group')}</small>}
        </label>
      )}
    </>
  );
}

function isOfGroup(kind: Kind): kind is 'add-to-group' | 'remove-from-group' {
  return kind === 'add-to-group' || kind === 'remove-from-group';
}

/** @param written the value, where the type of the resource is known */
function operationOf(
  { kind, path, value, args, group }: Given & { readonly kind: JsonBulkOperation['kind'] },
  written: JsonValue | undefined,
): JsonBulkOperation {
  switch (kind) {
    case 'reboot':
    case 'forget':
      return { kind };
    case 'add-to-group':
    case 'remove-from-group':
      return { kind, group };
    case 'write':
      return { kind, path: path.trim(), value: written ?? readValue(value) };
    case 'execute':
      return { kind, path: path.trim(), ...(args === '' ? {} : { arguments: args }) };
    default:
      return { kind, path: path.trim() };
  }
}

/** Of a resource that the object model does not know: what it looks like. Digits that a number cannot hold stay digits. */
function readValue(text: string): JsonValue {
  if (text === 'true' || text === 'false') return text === 'true';
  const isNumber = /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text);
  return isNumber && (text.includes('.') || Number.isSafeInteger(Number(text))) ? Number(text) : text;
}
