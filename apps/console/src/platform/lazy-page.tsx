import { apiErrors } from '@yaolian/contract';
import type { ComponentType } from 'preact';
import { ProblemNote } from '../ui/problem.tsx';
import { useLoad } from './load.ts';
import { isThere, missed } from './reach.ts';
import { useText } from './text.ts';

/** @throws API_UNREACHABLE; an error with the code CONSOLE_NEWER where the platform is there and has this code no more */
async function fetched<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (await isThere())
      throw Object.assign(new Error('the page is of an older version'), { code: 'CONSOLE_NEWER', cause });
    const away = apiErrors.API_UNREACHABLE(location.origin, cause);
    missed(away);
    throw away;
  }
}

/** A page whose code is fetched when it is first opened. */
export function lazyPage<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  return function LazyPage(props: P) {
    const t = useText();
    const { data, error } = useLoad(async () => ({ Page: await fetched(load) }), []);
    if (error !== undefined) return <ProblemNote error={error} onRetry={() => location.reload()} />;
    if (!data) return <p class="loading">{t('common.loading')}</p>;
    return <data.Page {...props} />;
  };
}
