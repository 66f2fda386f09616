import { type Fields, fieldsOf, optionalText, textOf } from "./fields.ts";
import { checkDnsSubdomain } from "./name-forms.ts";
import { checkInlineVolume } from "./persistent-volume.ts";
import { missing, type Report } from "./report.ts";
import { checkDriverName } from "./volume.ts";

/** Reports what the API server refuses in a VolumeAttachment beyond its metadata. */
export function checkVolumeAttachment(attachment: Fields, report: Report): void {
  const spec = fieldsOf(attachment, "spec") ?? {};
  const source = fieldsOf(spec, "source") ?? {};
  const path = "spec.source";
  checkDriverName(textOf(spec, "attacher"), "spec.attacher", report);
  checkDnsSubdomain(textOf(spec, "nodeName"), "spec.nodeName", report);
  const volume = optionalText(source, "persistentVolumeName");
  const inline = fieldsOf(source, "inlineVolumeSpec");
  if (volume === undefined && inline === undefined)
    missing(report, path, "write persistentVolumeName: the name of a PersistentVolume");
  else if (volume !== undefined && inline !== undefined)
    report(path, "a volume has a name or stands here itself, not both", "remove inlineVolumeSpec");
  else if (inline) checkInlineVolume(inline, `${path}.inlineVolumeSpec`, report);
  if (volume !== undefined) checkDnsSubdomain(volume, `${path}.persistentVolumeName`, report);
}
