import { type JsonHomeFriend, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import { tellDone, tellFailure } from '../../ui/notices.tsx';
import { PageTitle } from '../../ui/page-title.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { RemoveButton } from '../../ui/remove-button.tsx';
import { friends, loadDevices, loadFriends } from '../model/home-model.ts';
import { ask } from '../model/session.ts';
import { shortName } from '../model/short-name.ts';

export function FriendsPage() {
  const t = useText();
  const all = useStore(friends);
  const sorted = all?.toSorted((a, b) => order[a.state] - order[b.state] || a.user.localeCompare(b.user));
  return (
    <>
      <PageTitle text={t('home.nav.friends')} />
      <AskForm />
      {all === undefined && <p class="loading">{t('common.loading')}</p>}
      {all?.length === 0 && <p class="hint">{t('home.friends.empty')}</p>}
      <ul class="home-list">
        {sorted?.map((friend) => (
          <li key={friend.user} class="card">
            <FriendRow friend={friend} />
          </li>
        ))}
      </ul>
    </>
  );
}

const order = { asked: 0, friends: 1, asking: 2 } as const;
const words = { asked: 'home.friends.wants', friends: 'home.friends.is', asking: 'home.friends.waiting' } as const;

function FriendRow({ friend }: { readonly friend: JsonHomeFriend }) {
  const t = useText();
  const name = shortName(friend.user);
  const end = async () => {
    await ask(routes.removeHomeFriend, { params: { user: friend.user } });
    await Promise.all([loadFriends(), loadDevices()]);
  };
  const agree = async () => {
    await ask(routes.askHomeFriend, { body: { user: friend.user } });
    tellDone(t('home.friends.now', { name }));
    await loadFriends();
  };
  return (
    <>
      <span class="grow">
        <strong>{name}</strong> <small>{t(words[friend.state])}</small>
      </span>
      {friend.state === 'asked' ? (
        <>
          <button type="button" class="primary" onClick={() => void agree().catch(tellFailure)}>
            {t('home.friends.accept')}
          </button>
          <button type="button" onClick={() => void end().catch(tellFailure)}>
            {t('home.friends.decline')}
          </button>
        </>
      ) : (
        <RemoveButton
          title={t(friend.state === 'friends' ? 'home.friends.remove' : 'home.friends.withdraw', { name })}
          question={t('home.friends.remove-question')}
          onRemove={end}
        />
      )}
    </>
  );
}

function AskForm() {
  const t = useText();
  const [name, setName] = useState('');
  const [error, setError] = useState<unknown>();
  const submit = async (event: Event) => {
    event.preventDefault();
    setError(undefined);
    try {
      const { state, user } = await ask(routes.askHomeFriend, { body: { user: name.trim() } });
      const told = state === 'friends' ? 'home.friends.now' : 'home.friends.asked';
      tellDone(t(told, { name: shortName(user) }));
      setName('');
      await loadFriends();
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <form class="card home-ask" onSubmit={submit}>
      <label class="field grow">
        <span>{t('home.friends.name')}</span>
        <input
          value={name}
          required
          maxLength={1023}
          autocapitalize="none"
          autocomplete="off"
          spellcheck={false}
          onInput={(e) => setName(e.currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary">
        {t('home.friends.ask')}
      </button>
      {error !== undefined && <ProblemNote error={error} />}
    </form>
  );
}
