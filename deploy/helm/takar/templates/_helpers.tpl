{{- define "takar.labels" -}}
app.kubernetes.io/name: {{ .root.Values.service }}
app.kubernetes.io/component: {{ .part }}
app.kubernetes.io/part-of: takar
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "takar.image" -}}
{{ required "image.repository" .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "takar.pod" -}}
serviceAccountName: {{ .Values.service }}
automountServiceAccountToken: false
terminationGracePeriodSeconds: 45
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "takar.container" -}}
image: {{ include "takar.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{- define "takar.mounts" -}}
- {name: tmp, mountPath: /tmp}
{{- end }}

{{- define "takar.volumes" -}}
- {name: tmp, emptyDir: {sizeLimit: 256Mi}}
{{- end }}

{{- define "takar.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "takar.labels" . | nindent 8 }}
{{- end }}

{{- define "takar.database" -}}
- name: TAKAR_SERVICE
  value: {{ .root.Values.service }}
- name: TAKAR_LOG_LEVEL
  value: {{ .root.Values.logLevel }}
- name: TAKAR_DATABASE_URL
  valueFrom: {secretKeyRef: {name: {{ required (printf "secrets.%s" .role) (get .root.Values.secrets .role) }}, key: url}}
{{- end }}
