/** What someone gets to read. */
export interface Answer {
  readonly text: string;
  /** False if the text made no sense here: a bot that never makes sense gets silence in the end. */
  readonly understood: boolean;
}

export function answer(text: string): Answer {
  return { text, understood: true };
}

export function complaint(text: string): Answer {
  return { text, understood: false };
}
