// Writes the protobuf bodies that client-go's generated clients send and that nobody could be watched sending: run in a
// checkout of upstream with `go run -mod=vendor frames.go FOLDER`. Its output stands beside the recorded frames in
// apiserver/src/test/resources/io/nave/apiserver/protobuf; `-Dgolden.update` writes what each one means.
package main

import (
	"bytes"
	"os"
	"path/filepath"
	"time"

	authentication "k8s.io/api/authentication/v1"
	core "k8s.io/api/core/v1"
	events "k8s.io/api/events/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/kubernetes/scheme"
)

func main() {
	at := time.Date(2026, 1, 2, 3, 4, 5, 678901000, time.UTC)
	// As k8s.io/client-go/tools/events makes it for the second of two alike.
	write("event-events.pb", &events.Event{
		ObjectMeta:          meta.ObjectMeta{Name: "go-nave.18ea872e67fa3a48", Namespace: "go-nave"},
		EventTime:           meta.NewMicroTime(at),
		Series:              &events.EventSeries{Count: 2, LastObservedTime: meta.NewMicroTime(at.Add(time.Second))},
		ReportingController: "work-agent",
		ReportingInstance:   "work-agent-host",
		Action:              "Applying",
		Reason:              "ManifestWorkApplied",
		Regarding: core.ObjectReference{
			APIVersion: "work.open-cluster-management.io/v1", Kind: "ManifestWork", Namespace: "go-nave", Name: "web",
		},
		Note: "the work was applied",
		Type: "Normal",
	})
	// As the registration agent asks for the token of an add-on that logs in by one.
	lifetime := int64(3600)
	write("tokenrequest-addon.pb", &authentication.TokenRequest{
		Spec: authentication.TokenRequestSpec{ExpirationSeconds: &lifetime},
	})
}

func write(name string, object runtime.Object) {
	info, found := runtime.SerializerInfoForMediaType(
		serializer.NewCodecFactory(scheme.Scheme).SupportedMediaTypes(), "application/vnd.kubernetes.protobuf")
	if !found {
		panic("no protobuf")
	}
	kinds, _, err := scheme.Scheme.ObjectKinds(object)
	if err != nil {
		panic(err)
	}
	codec := scheme.Codecs.EncoderForVersion(info.Serializer, kinds[0].GroupVersion())
	var body bytes.Buffer
	if err := codec.Encode(object, &body); err != nil {
		panic(err)
	}
	if err := os.WriteFile(filepath.Join(os.Args[1], name), body.Bytes(), 0o644); err != nil {
		panic(err)
	}
}
