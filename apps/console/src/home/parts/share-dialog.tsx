import { homeOperations, type JsonHomeDeviceDetail, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useModelNames } from '../../platform/model-names.ts';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { friends } from '../model/home-model.ts';
import { ask } from '../model/session.ts';
import { shortName } from '../model/short-name.ts';
import { featureText } from './sharing-section.tsx';

const spans = { hour: 3_600_000, day: 86_400_000, week: 604_800_000, 'for-ever': undefined } as const;
type Span = keyof typeof spans;
type Operation = (typeof homeOperations)[number];

const everybody = '*';

/** Permits a friend, or all of them, something for some time. */
export function ShareDialog({
  device,
  onDone,
  onClose,
}: {
  readonly device: JsonHomeDeviceDetail;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const t = useText();
  const names = useModelNames();
  const known = (useStore(friends) ?? []).filter(({ state }) => state === 'friends');
  const [whom, setWhom] = useState(known[0]?.user ?? everybody);
  const [feature, setFeature] = useState('*');
  const [operations, setOperations] = useState<readonly Operation[]>(['read', 'observe']);
  const [span, setSpan] = useState<Span>('week');
  const [isMissing, setMissing] = useState(false);
  const share = async () => {
    setMissing(operations.length === 0);
    if (operations.length === 0) return false;
    const length = spans[span];
    const body = {
      ...(whom === everybody ? { class: 'friend' as const } : { user: whom }),
      feature,
      operations: [...operations],
      ...(length === undefined ? {} : { expiresAt: new Date(Date.now() + length).toISOString() }),
    };
    await ask(routes.setHomeGrant, { params: { device: device.device }, body });
    tellDone(t('home.sharing.done'));
    onDone();
    return true;
  };
  return (
    <Dialog
      title={t('home.sharing.title', { name: device.name })}
      action={t('home.sharing.add')}
      onAction={share}
      onClose={onClose}
    >
      <label class="field">
        <span>{t('home.sharing.with')}</span>
        <select value={whom} onChange={(e) => setWhom(e.currentTarget.value)}>
          {known.map(({ user }) => (
            <option key={user} value={user}>
              {shortName(user)}
            </option>
          ))}
          <option value={everybody}>{t('home.sharing.all-friends')}</option>
        </select>
      </label>
      <label class="field">
        <span>{t('home.sharing.what')}</span>
        <select value={feature} onChange={(e) => setFeature(e.currentTarget.value)}>
          {featuresOf(device).map((one) => (
            <option key={one} value={one}>
              {featureText(one, device, t, names)}
            </option>
          ))}
        </select>
      </label>
      <fieldset class="field">
        <legend>{t('home.sharing.may')}</legend>
        {homeOperations.map((one) => (
          <label key={one} class="check">
            <input
              type="checkbox"
              checked={operations.includes(one)}
              onChange={(e) => {
                const isChosen = e.currentTarget.checked;
                setOperations(isChosen ? [...operations, one] : operations.filter((other) => other !== one));
              }}
            />
            {t(`home.operation.${one}`)}
          </label>
        ))}
        {isMissing && <p role="alert">{t('home.sharing.may-needed')}</p>}
      </fieldset>
      <label class="field">
        <span>{t('home.sharing.until')}</span>
        <select value={span} onChange={(e) => setSpan(e.currentTarget.value as Span)}>
          {(Object.keys(spans) as Span[]).map((one) => (
            <option key={one} value={one}>
              {t(`home.sharing.${one}`)}
            </option>
          ))}
        </select>
      </label>
    </Dialog>
  );
}

function featuresOf({ instances }: JsonHomeDeviceDetail): readonly string[] {
  const ids = new Set(instances.map(({ path }) => path.split('/')[1]!));
  return ['*', ...[...ids].map((id) => `urn:oma:lwm2m:${urnClass(Number(id))}:${id}`)];
}

/** OMA-TS-LightweightM2M_Core 1.1 §7.2: the classes of object ids in the registry. */
function urnClass(id: number): string {
  if (id <= 1023) return 'oma';
  return id >= 10_241 ? 'x' : 'ext';
}
