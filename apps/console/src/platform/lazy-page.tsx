import type { ComponentType } from 'preact';
import { ProblemNote } from '../ui/problem.tsx';
import { useLoad } from './load.ts';
import { useText } from './text.ts';

/** A page whose code is fetched when it is first opened. */
export function lazyPage<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  return function LazyPage(props: P) {
    const t = useText();
    const { data, error } = useLoad(async () => ({ Page: await load() }), []);
    if (error !== undefined) return <ProblemNote error={error} onRetry={() => location.reload()} />;
    if (!data) return <p class="loading">{t('common.loading')}</p>;
    return <data.Page {...props} />;
  };
}
