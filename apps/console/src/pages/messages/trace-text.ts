import { traceInChinese } from '../../catalogue/trace-words.ts';
import { language } from '../../platform/text.ts';

/** A title or a note of the trace in the language of the page. */
export function traceText(text: string): string {
  return language.value === 'zh' ? traceInChinese(text) : text;
}
