// Command cert-manager-validation answers as cert-manager's admission webhook does: which fields of an issuer or a certificate it
// refuses, and what it warns of. One JSON object per line of standard input, one JSON answer per line of standard output.
//
// The module's path is below cert-manager's, so that it may import its internal packages.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"

	internalapi "github.com/cert-manager/cert-manager/internal/apis/certmanager"
	"github.com/cert-manager/cert-manager/internal/apis/certmanager/install"
	"github.com/cert-manager/cert-manager/internal/apis/certmanager/validation"
)

type refusal struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

type answer struct {
	// Error: the object cannot be decoded, unknown fields among the reasons.
	Error    string    `json:"error,omitempty"`
	Refusals []refusal `json:"refusals"`
	Warnings []string  `json:"warnings"`
}

type validator func(*admissionv1.AdmissionRequest, runtime.Object) (field.ErrorList, []string)

var validators = map[string]validator{
	"Certificate":        validation.ValidateCertificate,
	"CertificateRequest": validation.ValidateCertificateRequest,
	"ClusterIssuer":      validation.ValidateClusterIssuer,
	"Issuer":             validation.ValidateIssuer,
}

func main() {
	scheme := runtime.NewScheme()
	install.Install(scheme)
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	codecs := serializer.NewCodecFactory(scheme, serializer.EnableStrict)
	decoder := codecs.UniversalDecoder(internalapi.SchemeGroupVersion)
	in := bufio.NewReader(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			log.Fatal(err)
		}
		if err := out.Encode(validate(decoder, line)); err != nil {
			log.Fatal(err)
		}
	}
}

func validate(decoder runtime.Decoder, line []byte) answer {
	result := answer{Refusals: []refusal{}, Warnings: []string{}}
	object, kind, err := decoder.Decode(line, nil, nil)
	if err != nil {
		result.Error = err.Error()
		return result
	}
	check, known := validators[kind.Kind]
	if !known {
		result.Error = "no validation of " + kind.Kind
		return result
	}
	resource := metav1.GroupVersionResource{Group: kind.Group, Version: kind.Version}
	found, warnings := check(&admissionv1.AdmissionRequest{RequestResource: &resource}, object)
	for _, one := range found {
		result.Refusals = append(result.Refusals, refusal{one.Field, one.ErrorBody()})
	}
	result.Warnings = append(result.Warnings, warnings...)
	return result
}
