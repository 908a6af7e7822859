import { useEffect, useState } from 'preact/hooks';
import { resumeSession, session } from '../platform/session.ts';
import { useStore } from '../platform/store.ts';
import { useText } from '../platform/text.ts';
import { Notices } from '../ui/notices.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Layout } from './layout.tsx';
import { SignIn } from './sign-in.tsx';

/** The console: the sign-in, or the pages for whoever is signed in. */
export function App() {
  const t = useText();
  const present = useStore(session);
  const [error, setError] = useState<unknown>();
  useEffect(() => void resumeSession().catch(setError), []);
  if (error !== undefined && present === undefined) {
    return (
      <main class="alone">
        <ProblemNote error={error} onRetry={() => location.reload()} />
      </main>
    );
  }
  if (present === 'unknown') return <main class="alone">{t('common.loading')}</main>;
  return (
    <>
      {present === undefined ? <SignIn /> : <Layout session={present} />}
      <Notices />
    </>
  );
}
