{{- define "paycools.name" -}}
{{- if contains "paycools" .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-paycools{{ end -}}
{{- end -}}

{{- define "paycools.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end -}}
{{- end -}}

{{/* Labels that select the pods of a component: (list . "receiver") */}}
{{- define "paycools.selector" -}}
{{- $ := index . 0 -}}
app.kubernetes.io/name: paycools-{{ index . 1 }}
app.kubernetes.io/instance: {{ $.Release.Name }}
{{- end -}}

{{- define "paycools.labels" -}}
{{- $ := index . 0 -}}
{{ include "paycools.selector" . }}
app.kubernetes.io/part-of: paycools-webhooks
app.kubernetes.io/version: {{ $.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $.Release.Service }}
helm.sh/chart: {{ $.Chart.Name }}-{{ $.Chart.Version }}
{{- end -}}

{{- define "paycools.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "paycools.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Variables that name files of the secret: (dict "files" …) */}}
{{- define "paycools.fileVariables" -}}
{{- range $variable, $key := . }}
- name: {{ $variable }}_FILE
  value: /run/paycools/{{ $key }}
{{- end }}
{{- end -}}

{{- define "paycools.variables" -}}
{{- range $variable, $value := . }}
- name: {{ $variable }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/* The volume with keys of the secret: (list . (list "key" …)) */}}
{{- define "paycools.secretVolume" -}}
{{- $ := index . 0 -}}
- name: secrets
  secret:
    secretName: {{ $.Values.secret.name }}
    defaultMode: 288 # 0440
    items:
      {{- range index . 1 }}
      - key: {{ . }}
        path: {{ . }}
      {{- end }}
{{- end -}}

{{- define "paycools.dnsEgress" -}}
- to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
  ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- end -}}

{{- define "paycools.redisEgress" -}}
{{- if .Values.redis.enabled -}}
- to:
    - podSelector:
        matchLabels:
          {{- include "paycools.selector" (list . "redis") | nindent 10 }}
  ports:
    - port: 6379
{{- end }}
{{- range .Values.networkPolicy.redis }}
- to:
    - ipBlock:
        cidr: {{ .cidr }}
  ports:
    {{- range .ports }}
    - port: {{ . }}
    {{- end }}
{{- end }}
{{- end -}}

{{- define "paycools.anywhereEgress" -}}
- to:
    - ipBlock:
        cidr: 0.0.0.0/0
        except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16]
  ports:
    - port: 443
{{- end -}}

{{/* Settings of every pod that runs our image. */}}
{{- define "paycools.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  {{- include "paycools.podSecurity" 1000 | nindent 2 }}
{{- end -}}
