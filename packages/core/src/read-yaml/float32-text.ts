/**
 * A number as Go's `strconv.FormatFloat(value, 'g', -1, 32)` prints it: the fewest digits that give back the same
 * single-precision float, with an exponent below 1e-4 and from 1e6 on. Infinities and NaN are printed as YAML's words.
 * This is how sigs.k8s.io/yaml makes text of a key that is a float.
 *
 * @example float32Text(1.1) // "1.1"
 */
export function float32Text(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return ".nan";
  if (!Number.isFinite(single)) return single > 0 ? ".inf" : "-.inf";
  const sign = single < 0 || Object.is(single, -0) ? "-" : "";
  const [mantissa, exponentText] = fewestDigits(Math.abs(single)).split("e") as [string, string];
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 6)
    return `${sign}${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  const digits = mantissa.replace(".", "");
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return digits.length > exponent + 1 ? `${sign}${whole}.${digits.slice(exponent + 1)}` : sign + whole;
}

function fewestDigits(single: number): string {
  for (let digits = 0; digits < 8; digits++) {
    const text = single.toExponential(digits);
    if (Math.fround(Number(text)) === single) return text;
  }
  return single.toExponential(8);
}
