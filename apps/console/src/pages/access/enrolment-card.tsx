import { enrolmentModes, routes } from '@yaolian/contract';
import { useLoad } from '../../platform/load.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { tellDone, tellFailure } from '../../ui/notices.tsx';
import { ProblemNote } from '../../ui/problem.tsx';

export function EnrolmentCard() {
  const t = useText();
  const may = useMay('admin');
  const { data, error, reload } = useLoad((signal) => call(routes.showEnrolment, { signal }), []);
  const choose = async (mode: (typeof enrolmentModes)[number]) => {
    await call(routes.setEnrolment, { body: { mode } }).then(() => tellDone(t('enrolment.changed')), tellFailure);
    reload();
  };
  return (
    <section class="card">
      <h2>{t('enrolment.title')}</h2>
      {error !== undefined && <ProblemNote error={error} onRetry={reload} />}
      <fieldset class="segments" disabled={!may}>
        <legend class="unseen">{t('enrolment.title')}</legend>
        {enrolmentModes.map((mode) => (
          <button key={mode} type="button" aria-pressed={data?.mode === mode} onClick={() => choose(mode)}>
            {t(`enrolment.mode.${mode}`)}
          </button>
        ))}
      </fieldset>
      <p class="hint after">{may ? t('enrolment.lead') : t('role.needed', { role: t('role.admin') })}</p>
    </section>
  );
}
