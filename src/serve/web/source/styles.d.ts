declare module "*.css";
/** Made by build.mjs from the texts of words.ts: a syllable and the characters that are read so, again and again. */
declare module "pinyin" {
  export const READINGS: string;
}
