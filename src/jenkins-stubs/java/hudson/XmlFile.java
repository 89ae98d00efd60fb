package hudson;

public final class XmlFile {
    XmlFile() {}
}

// stub: hudson.XmlFile
