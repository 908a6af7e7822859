import { routes } from '@yaolian/contract';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { ChangePassword } from '../../ui/change-password.tsx';

export function PasswordCard() {
  const t = useText();
  const texts = {
    ...{ title: t('password.title'), current: t('password.current'), next: t('password.new') },
    ...{ hint: t('password.hint'), action: t('password.action'), done: t('password.changed') },
  };
  return (
    <ChangePassword
      texts={texts}
      minLength={12}
      change={async (body) => {
        await call(routes.changePassword, { body });
      }}
    />
  );
}
