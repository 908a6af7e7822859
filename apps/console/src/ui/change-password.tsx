import { useState } from 'preact/hooks';
import { tellDone } from './notices.tsx';
import { PasswordField } from './password-field.tsx';
import { ProblemNote } from './problem.tsx';

interface ChangePasswordProps {
  readonly texts: {
    readonly title: string;
    readonly current: string;
    readonly next: string;
    readonly hint: string;
    readonly action: string;
    readonly done: string;
  };
  readonly minLength: number;
  readonly change: (body: { readonly current: string; readonly new: string }) => Promise<void>;
}

/** The card in which somebody who is signed in takes another password. */
export function ChangePassword({ texts, minLength, change }: ChangePasswordProps) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [error, setError] = useState<unknown>();
  const submit = async (event: Event) => {
    event.preventDefault();
    setError(undefined);
    try {
      await change({ current, new: next });
      tellDone(texts.done);
      setCurrent('');
      setNext('');
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <form class="card stack" onSubmit={submit}>
      <h2>{texts.title}</h2>
      <PasswordField label={texts.current} value={current} onValue={setCurrent} />
      <PasswordField label={texts.next} value={next} onValue={setNext} minLength={minLength} hint={texts.hint} />
      {error !== undefined && <ProblemNote error={error} />}
      <button type="submit">{texts.action}</button>
    </form>
  );
}
