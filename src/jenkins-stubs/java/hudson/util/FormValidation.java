package hudson.util;

public abstract class FormValidation extends java.io.IOException implements org.kohsuke.stapler.HttpResponse {
    public final hudson.util.FormValidation.Kind kind = null;

    public static hudson.util.FormValidation error(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.util.FormValidation warning(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.util.FormValidation ok(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.util.FormValidation ok() {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.util.FormValidation error(java.lang.String a0, java.lang.Object... a1) {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.util.FormValidation warning(java.lang.String a0, java.lang.Object... a1) {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.util.FormValidation ok(java.lang.String a0, java.lang.Object... a1) {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.util.FormValidation error(java.lang.Throwable a0, java.lang.String a1) {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.util.FormValidation warning(java.lang.Throwable a0, java.lang.String a1) {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.util.FormValidation error(
            java.lang.Throwable a0, java.lang.String a1, java.lang.Object... a2) {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.util.FormValidation warning(
            java.lang.Throwable a0, java.lang.String a1, java.lang.Object... a2) {
        throw new UnsupportedOperationException("stub");
    }

    FormValidation() {}

    public enum Kind {
        OK,
        WARNING,
        ERROR;
    }
}

// stub: hudson.util.FormValidation <init> error kind ok warning x
// stub: hudson.util.FormValidation$Kind
