/** The version of both programs; package.json says the same, held together by a test. */
export const version = '0.1.0';
