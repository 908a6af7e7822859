/** Whether there is such an account in what is being committed. To be asked inside of a change. */
export type IsAccount = (name: string) => boolean;

/** Where nobody says which accounts there are. */
export const everybody: IsAccount = () => true;
