/** One text of the console in every language that it speaks: one that is missing is a type error. `{name}` stands for a value. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}
