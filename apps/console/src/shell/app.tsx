import { useEffect, useState } from 'preact/hooks';
import { isAway } from '../platform/reach.ts';
import { leave, lookForSession, renewal, resumeSession, session } from '../platform/session.ts';
import { useStore } from '../platform/store.ts';
import { useText } from '../platform/text.ts';
import { Notices } from '../ui/notices.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { SignInAgain } from '../ui/sign-in-again.tsx';
import { Layout } from './layout.tsx';
import { SignIn, SignInForm } from './sign-in.tsx';

/** The console: the sign-in, or the pages for whoever is signed in. */
export function App() {
  const t = useText();
  const present = useStore(session);
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const resume = () => void resumeSession().then(() => setError(undefined), setError);
    resume();
    // The platform was away when the page was opened, and is back.
    return isAway.watch((away) => !away && typeof session.value !== 'object' && resume());
  }, []);
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
      {present !== undefined && (
        <SignInAgain renewal={renewal} look={lookForSession} onLeave={leave}>
          <SignInForm operator={present.operator} />
        </SignInAgain>
      )}
      <Notices />
    </>
  );
}
