/** How much a run may hold of what it finds, all objects together. More is no help to an investigator, and must fit in memory. */
export interface Room {
  /** Takes room for so much; false where there is not enough, and then none is taken. */
  readonly take: (values: number, characters: number) => boolean;
}

const mostValues = 1_000_000;
const mostCharacters = 32 * 1024 * 1024;

export function createRoom(): Room {
  let valuesLeft = mostValues;
  let charactersLeft = mostCharacters;
  return {
    take: (values, characters) => {
      if (values > valuesLeft || characters > charactersLeft) return false;
      valuesLeft -= values;
      charactersLeft -= characters;
      return true;
    },
  };
}
