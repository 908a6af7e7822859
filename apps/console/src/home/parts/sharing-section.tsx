import { type JsonHomeDeviceDetail, type JsonHomeGrant, routes } from '@yaolian/contract';
import { useEffect, useState } from 'preact/hooks';
import { formatFullTime } from '../../platform/format.ts';
import { useLoad } from '../../platform/load.ts';
import { useModelNames } from '../../platform/model-names.ts';
import type { NamesOfModel } from '../../platform/names-of-model.ts';
import { useStore } from '../../platform/store.ts';
import { type Translate, useText } from '../../platform/text.ts';
import { RemoveButton } from '../../ui/remove-button.tsx';
import { Section } from '../../ui/section.tsx';
import { friends, notices } from '../model/home-model.ts';
import { ask } from '../model/session.ts';
import { shortName } from '../model/short-name.ts';
import { objectLabel } from '../model/value-text.ts';
import { ShareDialog } from './share-dialog.tsx';

/** Who else may do what with the device. */
export function SharingSection({ device }: { readonly device: JsonHomeDeviceDetail }) {
  const t = useText();
  const names = useModelNames();
  const [asks, setAsks] = useState(false);
  const params = { device: device.device };
  const { data, error, reload } = useLoad((signal) => ask(routes.listHomeGrants, { params, signal }), [device.device]);
  const hasFriends = useStore(friends)?.some(({ state }) => state === 'friends') ?? false;
  const news = useStore(notices)[0]?.id;
  // another owner may have changed something
  useEffect(reload, [news]);
  return (
    <Section
      title={t('home.sharing')}
      items={data?.items}
      error={error}
      empty={t('home.sharing.empty')}
      action={
        hasFriends ? (
          <button type="button" onClick={() => setAsks(true)}>
            {t('home.sharing.add')}
          </button>
        ) : (
          <a href="/home/friends">{t('home.sharing.no-friends')}</a>
        )
      }
    >
      <ul class="home-list">
        {data?.items.map((grant) => (
          <li key={`${whom(grant, t)} ${grant.feature}`} class="home-row">
            <span class="grow">
              <strong>{whom(grant, t)}</strong>{' '}
              <small>
                {featureText(grant.feature, device, t, names)}: {operationsText(grant, t)}
                {grant.expiresAt !== undefined &&
                  ` · ${t('home.sharing.expires', { time: formatFullTime(grant.expiresAt) })}`}
              </small>
            </span>
            <RemoveButton
              title={t('home.sharing.revoke', { name: whom(grant, t) })}
              question={t('home.sharing.revoke-question')}
              action={t('home.sharing.revoke-action')}
              onRemove={async () => {
                const { user, class: group, feature } = grant;
                const query = { feature, ...(user === undefined ? { class: group! } : { user }) };
                await ask(routes.revokeHomeGrant, { params, query });
                reload();
              }}
            />
          </li>
        ))}
      </ul>
      {asks && <ShareDialog device={device} onDone={reload} onClose={() => setAsks(false)} />}
    </Section>
  );
}

function whom(grant: JsonHomeGrant, t: Translate): string {
  if (grant.user !== undefined) return shortName(grant.user);
  return t(grant.class === 'owner' ? 'home.sharing.all-owners' : 'home.sharing.all-friends');
}

function operationsText({ operations }: JsonHomeGrant, t: Translate): string {
  if (operations.length === 0) return t('home.sharing.nothing');
  return operations.map((one) => t(`home.operation.${one}`)).join(t('home.list.separator'));
}

/** `urn:oma:lwm2m:ext:3303` by the name of the object. */
export function featureText(feature: string, device: JsonHomeDeviceDetail, t: Translate, names: NamesOfModel): string {
  if (feature === '*') return t('home.sharing.everything');
  const id = /:(\d+)$/.exec(feature)?.[1];
  if (id === undefined) return feature;
  const found = device.instances.find(({ path }) => path.startsWith(`/${id}/`));
  return objectLabel(`/${id}/0`, found?.name, t, names);
}
