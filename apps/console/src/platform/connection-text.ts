import { connectionFailure } from '../catalogue/connection-failures.ts';
import { language } from './text.ts';

/** Why another server could not be told, in the language of the page; what has no text, as the platform says it. */
export function connectionText(sentence: string): string {
  return connectionFailure(sentence)?.[language.value] ?? sentence;
}
