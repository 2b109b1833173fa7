/** The version of console and agent alike; a house test holds it to package.json. */
export const version = '0.1.0';
