/** One text of the console in every language that it speaks: one that is missing is a type error. `{name}` stands for a value, `{count:one|many}` for a word that goes with it. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}
