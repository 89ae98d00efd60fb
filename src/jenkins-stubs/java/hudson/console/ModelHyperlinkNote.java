package hudson.console;

public class ModelHyperlinkNote {
    public static java.lang.String encodeTo(hudson.model.Item a0, java.lang.String a1) {
        throw new UnsupportedOperationException("stub");
    }

    public static java.lang.String encodeTo(java.lang.String a0, java.lang.String a1) {
        throw new UnsupportedOperationException("stub");
    }

    ModelHyperlinkNote() {}
}

// stub: hudson.console.ModelHyperlinkNote -encodeTo:User encodeTo:String
