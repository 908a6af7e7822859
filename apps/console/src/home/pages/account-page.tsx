import { routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import { Choices } from '../../shell/choices.tsx';
import { ChangePassword } from '../../ui/change-password.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { tellFailure } from '../../ui/notices.tsx';
import { PageTitle } from '../../ui/page-title.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { ask, leave, signOutUser, user } from '../model/session.ts';

export function AccountPage() {
  const t = useText();
  const present = useStore(user);
  if (typeof present !== 'object') return null;
  return (
    <>
      <PageTitle text={t('home.nav.account')} />
      <section class="card home-row">
        <span class="grow">{t('home.account.name', { name: present.account })}</span>
        <button type="button" onClick={() => void signOutUser().catch(tellFailure)}>
          {t('home.account.sign-out')}
        </button>
      </section>
      <section class="card">
        <h2>{t('home.account.look')}</h2>
        <Choices />
        <p class="hint">{t('home.account.install')}</p>
      </section>
      <PasswordForm />
      <DeleteAccount />
    </>
  );
}

function PasswordForm() {
  const t = useText();
  const title = t('home.account.password');
  const texts = {
    ...{ title, action: title, current: t('home.account.password-now'), next: t('home.account.password-new') },
    ...{ hint: t('home.register.password-hint'), done: t('home.account.password-done') },
  };
  return (
    <ChangePassword
      texts={texts}
      minLength={6}
      change={async (body) => user.set(await ask(routes.changeHomePassword, { body }))}
    />
  );
}

function DeleteAccount() {
  const t = useText();
  const [asks, setAsks] = useState(false);
  const [password, setPassword] = useState('');
  const remove = async () => {
    await ask(routes.removeHomeAccount, { body: { password } });
    leave();
  };
  return (
    <section class="card">
      <button type="button" class="danger" onClick={() => setAsks(true)}>
        {t('home.account.delete')}
      </button>
      {asks && (
        <Dialog
          title={t('home.account.delete')}
          action={t('common.delete')}
          isDangerous
          onAction={remove}
          onClose={() => setAsks(false)}
        >
          <p>{t('home.account.delete-question')}</p>
          <PasswordField label={t('home.account.password-now')} value={password} onValue={setPassword} />
        </Dialog>
      )}
    </section>
  );
}
