// Package kubernetes holds no program: it checks the manifests beside it. It is a
// module of its own, so that the product does not depend on Kubernetes.
package kubernetes

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	keda "github.com/kedacore/keda/v2/apis/keda/v1alpha1"
	apps "k8s.io/api/apps/v1"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// built is what an overlay comes to, as the types of the API.
type built struct {
	deployments map[string]*apps.Deployment
	jobs        map[string]*batch.Job
	budgets     map[string]*policy.PodDisruptionBudget
	scaled      map[string]*keda.ScaledObject
	secrets     map[string]*core.Secret
	policies    map[string]*networking.NetworkPolicy
	claims      map[string]*core.PersistentVolumeClaim
}

// build builds a folder as kubectl apply -k does and decodes every object
// strictly: a field that its type does not have is an error.
func build(t *testing.T, dir string) built {
	t.Helper()
	objects, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
	if err != nil {
		t.Fatalf("%s: %v", dir, err)
	}
	b := built{map[string]*apps.Deployment{}, map[string]*batch.Job{}, map[string]*policy.PodDisruptionBudget{}, map[string]*keda.ScaledObject{},
		map[string]*core.Secret{}, map[string]*networking.NetworkPolicy{}, map[string]*core.PersistentVolumeClaim{}}
	for _, o := range objects.Resources() {
		raw, err := o.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		name := o.GetName()
		if ns := o.GetNamespace(); ns != "nightshift" && o.GetKind() != "Namespace" {
			t.Errorf("%s %s is in namespace %q", o.GetKind(), name, ns)
		}
		switch what := o.GetGvk().ApiVersion() + " " + o.GetKind(); what {
		case "apps/v1 Deployment":
			b.deployments[name] = strict[apps.Deployment](t, raw)
		case "batch/v1 Job":
			b.jobs[name] = strict[batch.Job](t, raw)
		case "policy/v1 PodDisruptionBudget":
			b.budgets[name] = strict[policy.PodDisruptionBudget](t, raw)
		case "keda.sh/v1alpha1 ScaledObject":
			b.scaled[name] = strict[keda.ScaledObject](t, raw)
		case "networking.k8s.io/v1 NetworkPolicy":
			b.policies[name] = strict[networking.NetworkPolicy](t, raw)
		case "v1 Secret":
			b.secrets[name] = strict[core.Secret](t, raw)
		case "v1 PersistentVolumeClaim":
			b.claims[name] = strict[core.PersistentVolumeClaim](t, raw)
		case "v1 Service":
			strict[core.Service](t, raw)
		case "v1 ServiceAccount":
			strict[core.ServiceAccount](t, raw)
		case "v1 Namespace":
			strict[core.Namespace](t, raw)
		default:
			t.Errorf("%s: a %s that no type is known for", dir, what)
		}
	}
	return b
}

func strict[T any](t *testing.T, raw []byte) *T {
	t.Helper()
	v := new(T)
	if err := yaml.UnmarshalStrict(raw, v); err != nil {
		t.Errorf("%v in\n%s", err, raw)
	}
	return v
}

func TestOverlays(t *testing.T) {
	keys := build(t, keysFolder(t))
	for overlay, want := range map[string]struct {
		workers  int32
		children string
		replicas string
	}{"small": {4, "2", ""}, "large": {50, "4", "--replicas=3"}} {
		t.Run(overlay, func(t *testing.T) {
			b := build(t, filepath.Join("overlays", overlay))
			for _, name := range []string{"ocr-worker", "structurer", "publisher", "console"} {
				d := b.deployments[name]
				if d == nil {
					t.Fatalf("no Deployment %s", name)
				}
				checkPods(t, name, d.Spec.Template, keys, b, true)
				if !matches(t, d.Spec.Selector, d.Spec.Template.Labels) {
					t.Errorf("%s does not select its own pods", name)
				}
				if pdb := b.budgets[name]; name != "console" && (pdb == nil || !matches(t, pdb.Spec.Selector, d.Spec.Template.Labels)) {
					t.Errorf("%s has no disruption budget of its own", name)
				}
			}
			job := b.jobs["init"]
			checkPods(t, "init", job.Spec.Template, keys, b, false)
			if got := job.Spec.Template.Spec.Containers[0].Command; want.replicas != "" != slices.Contains(got, "--replicas=3") {
				t.Errorf("init runs %q", got)
			}
			worker := b.deployments["ocr-worker"].Spec.Template.Spec.Containers[0]
			children := worker.Env[0]
			if children.Name != "NIGHTSHIFT_CHILDREN" || children.Value != want.children || worker.Resources.Requests.Cpu().String() != want.children {
				t.Errorf("%s=%s beside %s cores", children.Name, children.Value, worker.Resources.Requests.Cpu())
			}
			checkScaling(t, b, want.workers)
			if all := b.policies["nothing-else"]; len(all.Spec.PodSelector.MatchLabels) > 0 || len(all.Spec.PolicyTypes) != 2 || len(all.Spec.Ingress)+len(all.Spec.Egress) > 0 {
				t.Errorf("what is not allowed is not forbidden: %+v", all.Spec)
			}
		})
	}
}

// checkPods wants what the namespace's "restricted" level and an operator want
// of every pod, and that the secrets it names are made by the folder keys.
func checkPods(t *testing.T, name string, p core.PodTemplateSpec, keys, b built, serves bool) {
	t.Helper()
	s := p.Spec
	if s.SecurityContext == nil || !*s.SecurityContext.RunAsNonRoot || s.SecurityContext.SeccompProfile.Type != core.SeccompProfileTypeRuntimeDefault || *s.AutomountServiceAccountToken {
		t.Errorf("%s is not kept in", name)
	}
	for _, c := range s.Containers {
		sc := c.SecurityContext
		if *sc.AllowPrivilegeEscalation || !*sc.ReadOnlyRootFilesystem || !slices.Equal(sc.Capabilities.Drop, []core.Capability{"ALL"}) {
			t.Errorf("container %s is not kept in", name)
		}
		if c.Resources.Requests.Cpu().IsZero() || c.Resources.Requests.Memory().IsZero() || c.Resources.Limits.Memory().IsZero() {
			t.Errorf("container %s says not what it needs", name)
		}
		if serves && (c.LivenessProbe == nil || c.ReadinessProbe == nil || c.StartupProbe == nil) {
			t.Errorf("container %s has no probes", name)
		}
		if !strings.HasPrefix(c.Image, "registry.example/nightshift:") {
			t.Errorf("container %s runs the image %q", name, c.Image)
		}
		if len(c.EnvFrom) != 1 || keys.secrets[c.EnvFrom[0].SecretRef.Name] == nil {
			t.Errorf("container %s has no settings that keys makes: %+v", name, c.EnvFrom)
		}
		for _, m := range c.VolumeMounts {
			if !slices.ContainsFunc(s.Volumes, func(v core.Volume) bool { return v.Name == m.Name }) {
				t.Errorf("container %s mounts %s, which is no volume", name, m.Name)
			}
		}
	}
	for _, v := range s.Volumes {
		if v.Secret != nil && keys.secrets[v.Secret.SecretName] == nil {
			t.Errorf("%s: nobody makes the secret %s", name, v.Secret.SecretName)
		}
		if c := v.PersistentVolumeClaim; c != nil && b.claims[c.ClaimName] == nil {
			t.Errorf("%s: nobody claims the volume %s", name, c.ClaimName)
		}
	}
}

// checkScaling wants the backlog of the consumer that the OCR workers pull from.
func checkScaling(t *testing.T, b built, most int32) {
	t.Helper()
	s := b.scaled["ocr-worker"]
	if s == nil || b.deployments[s.Spec.ScaleTargetRef.Name] == nil || *s.Spec.MinReplicaCount != 1 || *s.Spec.MaxReplicaCount != most || len(s.Spec.Triggers) != 1 {
		t.Fatalf("scaling: %+v", s)
	}
	source, err := os.ReadFile("../../pipeline/task.go")
	if err != nil {
		t.Fatal(err)
	}
	m := s.Spec.Triggers[0].Metadata
	stream, consumer := fmt.Sprintf("StreamWork    = %q", m["stream"]), fmt.Sprintf("StageOCR       = %q", m["consumer"])
	if s.Spec.Triggers[0].Type != "nats-jetstream" || !bytes.Contains(source, []byte(stream)) || !bytes.Contains(source, []byte(consumer)) {
		t.Errorf("it scales by %+v", s.Spec.Triggers[0])
	}
	if strings.Contains(m["natsServerMonitoringEndpoint"], "/") || m["account"] == "" || m["lagThreshold"] == "" {
		t.Errorf("it asks by %+v", m)
	}
}

func matches(t *testing.T, s *meta.LabelSelector, labels map[string]string) bool {
	t.Helper()
	if s == nil || len(s.MatchLabels) == 0 {
		return false
	}
	for k, v := range s.MatchLabels {
		if labels[k] != v {
			return false
		}
	}
	return true
}

// keysFolder is the folder keys with files as `nightshift keys` writes them.
func keysFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("keys").(fs.FS)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ocr-worker", "structurer", "publisher", "operator", "admin"} {
		put(t, filepath.Join(dir, name+".env"), "NIGHTSHIFT_NATS=tls://nats:4222\n")
		put(t, filepath.Join(dir, name+".nk"), "SU\n")
	}
	put(t, filepath.Join(dir, "ca.crt"), "PEM\n")
	put(t, filepath.Join(dir, "accounts.json"), "{}\n")
	return dir
}

func put(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
