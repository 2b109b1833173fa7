/** Moduli of RSA that can be factored although they are long. Pure arithmetic, bounded: a key longer than 16384 bits is not looked at. */

const maxBits = 16_384;

/** Why the modulus is weak, as part of a sentence; undefined when nothing shows. Takes about a millisecond. */
export function findRsaWeakness(modulus: Buffer): string | undefined {
  if (modulus.length === 0 || modulus.length * 8 > maxBits + 8) return undefined;
  const n = BigInt(`0x${modulus.toString('hex')}`);
  const factor = smallPrimes.find((prime) => n % BigInt(prime) === 0n);
  if (factor !== undefined) return `its modulus can be divided by ${factor}`;
  if (isRoca(n)) return 'its modulus has the mark of ROCA (CVE-2017-15361), and can be factored';
  if (hasCloseFactors(n)) return 'the factors of its modulus lie close together (CVE-2022-26320), and can be found';
  return undefined;
}

/** The primes below 168, as many as the mark of ROCA needs. */
const smallPrimes = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
  113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/**
 * Keys of Infineon's library are powers of 65537 modulo every small prime; of others one in 2^27 is. Source: Nemec and others, "The Return of
 * Coppersmith's Attack", 2017.
 */
function isRoca(n: bigint): boolean {
  return smallPrimes.slice(1).every((prime) => isPowerOf65537(Number(n % BigInt(prime)), prime));
}

function isPowerOf65537(residue: number, prime: number): boolean {
  const base = 65_537 % prime;
  let power = 1;
  do {
    if (power === residue) return true;
    power = (power * base) % prime;
  } while (power !== 1);
  return false;
}

/** Steps of Fermat's method: keys of the known bad generators fall in the first few. Source: Böck, "Fermat Factorization in the Wild", 2023. */
const fermatSteps = 100;

function hasCloseFactors(n: bigint): boolean {
  let a = squareRoot(n);
  if (a * a < n) a++;
  for (let step = 0; step < fermatSteps; step++, a++) {
    const rest = a * a - n;
    if (!isSquareModulo64[Number(rest & 63n)]) continue;
    const root = squareRoot(rest);
    if (root * root === rest) return true;
  }
  return false;
}

const isSquareModulo64: readonly boolean[] = Array.from({ length: 64 }, (_, residue) =>
  Array.from({ length: 64 }, (_, root) => (root * root) % 64).includes(residue),
);

/** The whole part of the square root, by Newton's method from above. */
function squareRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let root = 1n << BigInt((n.toString(16).length * 4 + 1) >> 1);
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
