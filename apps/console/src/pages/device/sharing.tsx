import { type JsonDeviceDetail, type JsonIssuedCode, type JsonRaPermission, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { allPages } from '../../platform/all-pages.ts';
import { formatFullTime } from '../../platform/format.ts';
import { useLoad } from '../../platform/load.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { tellFailure } from '../../ui/notices.tsx';
import { RemoveButton } from '../../ui/remove-button.tsx';

interface SharingProps {
  readonly detail: JsonDeviceDetail;
  readonly onChanged: () => void;
}

/** What a device is to users: its account, its code as it is made, who owns it and who may what. */
export function Sharing({ detail, onChanged }: SharingProps) {
  const t = useText();
  const maySet = useMay('operator');
  const [issued, setIssued] = useState<JsonIssuedCode>();
  const { key, remoteAccess: ra } = detail;
  const issue = async () => {
    try {
      setIssued(
        ra === undefined
          ? await call(routes.shareDevice, { params: { device: key }, body: {} })
          : await call(routes.resetVerificationCode, { params: { account: ra.account } }),
      );
    } catch (error) {
      tellFailure(error);
    }
  };
  const close = () => {
    setIssued(undefined);
    onChanged();
  };
  return (
    <section class="card section">
      <div class="section-head">
        <h2>{t('sharing.title')}</h2>
        {maySet && (
          <button type="button" onClick={issue}>
            {t(ra === undefined ? 'sharing.share' : 'sharing.new-code')}
          </button>
        )}
      </div>
      {ra === undefined ? (
        <p class="hint">{t(maySet ? 'sharing.none' : 'sharing.none.looking')}</p>
      ) : (
        <Shared ra={ra} onCode={setIssued} onChanged={onChanged} />
      )}
      {issued && <CodeDialog issued={issued} onClose={close} />}
    </section>
  );
}

interface SharedProps {
  readonly ra: NonNullable<JsonDeviceDetail['remoteAccess']>;
  readonly onCode: (issued: JsonIssuedCode) => void;
  readonly onChanged: () => void;
}

function Shared({ ra, onCode, onChanged }: SharedProps) {
  const t = useText();
  const maySet = useMay('operator');
  const remove = async (user: string) => onCode(await call(routes.removeRaOwner, { params: { ...params, user } }));
  const params = { account: ra.account };
  const change = async (asked: Promise<unknown>) => {
    try {
      await asked;
    } catch (error) {
      tellFailure(error);
    }
    onChanged();
  };
  const agree = (user: string) => change(call(routes.confirmRaOwner, { params: { ...params, user } }));
  const ask = (confirms: boolean) => change(call(routes.setRaConfirmation, { params, body: { confirms } }));
  const permissions = useLoad(
    (signal) => allPages((query) => call(routes.listRaPermissions, { params, query, signal })),
    [ra.account],
  );
  const items = permissions.data?.items ?? [];
  return (
    <dl class="facts">
      <dt>{t('sharing.account')}</dt>
      <dd>{ra.account}</dd>
      <dt>{t('sharing.owners')}</dt>
      <dd>
        {ra.owners.length === 0 && t('sharing.no-owners')}
        {ra.owners.map(({ user, name, state }) => (
          <div key={user}>
            {user} · {name}
            {state === 'pending' && ` (${t('sharing.pending')})`}
            {state === 'pending' && maySet && (
              <button type="button" class="quiet" onClick={() => agree(user)}>
                {t('sharing.agree')}
              </button>
            )}
            {maySet && (
              <RemoveButton
                title={t('sharing.remove-owner', { name: user })}
                question={t('sharing.remove-owner.ask')}
                onRemove={() => remove(user)}
              />
            )}
          </div>
        ))}
      </dd>
      <dt>{t('sharing.confirms')}</dt>
      <dd>
        <div>
          <input
            type="checkbox"
            aria-label={t('sharing.confirms')}
            checked={ra.confirms}
            disabled={!maySet}
            onChange={({ currentTarget }) => ask(currentTarget.checked)}
          />
        </div>
      </dd>
      <dt>{t('sharing.permissions')}</dt>
      <dd>
        {items.length === 0 && t('sharing.no-permissions')}
        {items.map((permission) => (
          <PermissionLine key={`${permission.to} ${permission.feature}`} permission={permission} />
        ))}
      </dd>
    </dl>
  );
}

function PermissionLine({ permission }: { readonly permission: JsonRaPermission }) {
  const t = useText();
  const { to, feature, operations, expiresAt } = permission;
  const until = expiresAt === undefined ? '' : ` ${t('sharing.until', { time: formatFullTime(expiresAt) })}`;
  return (
    <div>
      {to}: {operations.join(', ') || '—'} · {feature}
      {until}
    </div>
  );
}

function CodeDialog({ issued, onClose }: { readonly issued: JsonIssuedCode; readonly onClose: () => void }) {
  const t = useText();
  return (
    <Dialog
      title={t('sharing.code')}
      action={t('common.close')}
      isTold
      onAction={async () => onClose()}
      onClose={onClose}
    >
      <p class="told-code">
        <strong class="code">{issued.code}</strong> <CopyButton text={issued.code} />
      </p>
      <p class="hint">{t('sharing.code.once')}</p>
      <img class="qr" src={`data:image/svg+xml,${encodeURIComponent(issued.qrSvg)}`} alt={t('sharing.qr')} />
      {issued.linkIsLocal && <p class="hint">{t('sharing.qr.local')}</p>}
    </Dialog>
  );
}
