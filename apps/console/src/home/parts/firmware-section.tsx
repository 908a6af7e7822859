import { type JsonHomeDevice, type JsonHomeFirmware, type JsonHomeUpdate, routes } from '@yaolian/contract';
import { useEffect, useState } from 'preact/hooks';
import { reasonText } from '../../platform/failure-text.ts';
import { useLoad } from '../../platform/load.ts';
import { isProblem } from '../../platform/session.ts';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { isLive, updates } from '../model/home-model.ts';
import { ask } from '../model/session.ts';

/** The firmware of a device for its owner: what it has, what it is offered, the update to that, and how it goes. */
export function FirmwareSection({ device }: { readonly device: JsonHomeDevice }) {
  const t = useText();
  const address = device.device;
  const live = useStore(isLive);
  const { data, error, reload } = useLoad(
    (signal) => ask(routes.showHomeFirmware, { params: { device: address }, signal }),
    // What happened while the page heard nothing is told nowhere else.
    [address, live],
  );
  const heard = useStore(updates).get(address);
  useEffect(() => {
    if (heard !== undefined) reload();
  }, [heard?.id, heard?.phase]);
  // It looks after its firmware itself, or nothing is known of it and nothing offered.
  if (isProblem(error, 'access-denied')) return null;
  if (data !== undefined && data.version === undefined && data.offer === undefined && data.update === undefined) {
    return null;
  }
  const update = data && newerOf(data.update, heard);
  return (
    <section class="card section" aria-label={t('home.firmware')}>
      <div class="section-head">
        <h2>{t('home.firmware')}</h2>
      </div>
      {error !== undefined && data === undefined && <ProblemNote error={error} onRetry={reload} />}
      {data !== undefined && <Firmware device={device} firmware={data} update={update} onChange={reload} />}
    </section>
  );
}

/** Of one update what was heard last is newer than the answer; another one is the answer's. */
function newerOf(told: JsonHomeUpdate | undefined, heard: JsonHomeUpdate | undefined): JsonHomeUpdate | undefined {
  return heard !== undefined && (told === undefined || heard.id === told.id) && !isOver(told) ? heard : told;
}

function isOver(update: JsonHomeUpdate | undefined): boolean {
  return update !== undefined && ['succeeded', 'failed', 'cancelled'].includes(update.phase);
}

interface FirmwareProps {
  readonly device: JsonHomeDevice;
  readonly firmware: JsonHomeFirmware;
  readonly update: JsonHomeUpdate | undefined;
  readonly onChange: () => void;
}

function Firmware({ device, firmware: { version, offer, may }, update, onChange }: FirmwareProps) {
  const t = useText();
  const [asked, setAsked] = useState<'update' | 'cancel' | undefined>(undefined);
  const isUnderWay = update !== undefined && !isOver(update);
  const canUpdate = may && offer !== undefined && !isUnderWay;
  const params = { device: device.device };
  return (
    <>
      <dl class="facts">
        <dt>{t('home.firmware.version')}</dt>
        <dd>{version ?? '—'}</dd>
        {offer !== undefined && !isUnderWay && (
          <>
            <dt>{t('home.firmware.offer')}</dt>
            <dd>{offer}</dd>
          </>
        )}
      </dl>
      <div aria-live="polite">
        {update !== undefined && <Progress update={update} isAway={device.state !== 'ONLINE'} />}
      </div>
      {!isUnderWay && offer === undefined && <p class="hint">{t('home.firmware.newest')}</p>}
      {canUpdate && (
        <button type="button" class="primary" onClick={() => setAsked('update')}>
          {t('home.firmware.update', { version: offer })}
        </button>
      )}
      {isUnderWay && may && update.cancellable && (
        <button type="button" onClick={() => setAsked('cancel')}>
          {t('home.firmware.cancel')}
        </button>
      )}
      {asked === 'update' && offer !== undefined && (
        <Dialog
          title={t('home.firmware.update', { version: offer })}
          action={t('home.firmware.update-action')}
          onAction={async () => {
            await ask(routes.updateHomeFirmware, { params });
            onChange();
          }}
          onClose={() => setAsked(undefined)}
        >
          <p>{t('home.firmware.question', { name: device.name })}</p>
        </Dialog>
      )}
      {asked === 'cancel' && (
        <Dialog
          title={t('home.firmware.cancel')}
          action={t('home.firmware.cancel')}
          isDangerous
          onAction={async () => {
            await ask(routes.cancelHomeFirmware, { params });
            onChange();
          }}
          onClose={() => setAsked(undefined)}
        >
          <p>{t('home.firmware.cancel-question')}</p>
        </Dialog>
      )}
    </>
  );
}

function Progress({ update, isAway }: { readonly update: JsonHomeUpdate; readonly isAway: boolean }) {
  const t = useText();
  const { phase, to = t('home.firmware.new'), failure, sent, size } = update;
  const share =
    phase === 'delivering' && sent !== undefined && size !== undefined ? sent / Math.max(1, size) : undefined;
  const key = phase === 'waiting' && isAway ? 'home.firmware.waiting-away' : (`home.firmware.${phase}` as const);
  return (
    <p>
      {t(key, { version: to })}
      {failure !== undefined && `: ${reasonText(failure, t)}`}
      {share !== undefined && (
        <>
          {' '}
          <progress value={share} aria-label={t('home.firmware.delivering', { version: to })} />{' '}
          {Math.floor(share * 100)}%
        </>
      )}
    </p>
  );
}
