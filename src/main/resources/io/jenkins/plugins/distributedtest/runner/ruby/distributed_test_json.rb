# frozen_string_literal: true

module DistributedTest
  # JSON, just what the control protocol needs. Ruby's own json is a gem: loading it here would pin its version before
  # the project's Bundler has had a say ("You have already activated json …"), and test code may well patch it.
  module Json
    ESCAPES = { '"' => '\\"', '\\' => '\\\\', "\n" => '\\n', "\r" => '\\r', "\t" => '\\t' }.freeze
    UNESCAPES = { 'n' => "\n", 'r' => "\r", 't' => "\t", 'b' => "\b", 'f' => "\f" }.freeze

    module_function

    def generate(value)
      case value
      when nil then 'null'
      when true, false, Integer then value.to_s
      when Float then value.finite? ? format('%.6f', value) : '0'
      when Array then "[#{value.map { |each| generate(each) }.join(',')}]"
      when Hash then "{#{value.map { |key, each| "#{quote(key.to_s)}:#{generate(each)}" }.join(',')}}"
      else quote(value.to_s)
      end
    end

    def quote(text)
      escaped = utf8(text).gsub(/["\\\u0000-\u001f\u007f\u2028\u2029]/) { |c| ESCAPES[c] || format('\\u%04x', c.ord) }
      "\"#{escaped}\""
    end

    # The text as valid UTF-8, whatever encoding and bytes it has.
    def utf8(text)
      plain = String.new(text)
      if plain.encoding == Encoding::UTF_8 || plain.encoding == Encoding::BINARY || plain.encoding == Encoding::US_ASCII
        plain.force_encoding(Encoding::UTF_8).scrub('?')
      else
        plain.encode(Encoding::UTF_8, invalid: :replace, undef: :replace, replace: '?')
      end
    rescue EncodingError
      plain.force_encoding(Encoding::BINARY).encode(Encoding::UTF_8, invalid: :replace, undef: :replace, replace: '?')
    end

    def parse(text)
      Parser.new(text).parse
    end

    # Recursive descent over one text.
    class Parser
      def initialize(text)
        @text = text.dup.force_encoding(Encoding::UTF_8)
        @at = 0
      end

      def parse
        value = value()
        skip
        fault unless @at == @text.length
        value
      end

      private

      def value
        skip
        case @text[@at]
        when '{' then object
        when '[' then array
        when '"' then string
        else literal
        end
      end

      def object
        result = {}
        @at += 1
        until take('}')
          key = (skip; string)
          take(':') || fault
          result[key] = value
          take(',') || (peek('}') || fault)
        end
        result
      end

      def array
        result = []
        @at += 1
        until take(']')
          result << value
          take(',') || (peek(']') || fault)
        end
        result
      end

      def string
        match = /\G"((?:[^"\\]|\\.)*)"/m.match(@text, @at) || fault
        @at = match.end(0)
        match[1].gsub(/\\u[dD][89abAB]\h\h\\u[dD][c-fC-F]\h\h|\\u\h{4}|\\./m) { |escape| unescape(escape) }
      end

      def unescape(escape)
        return UNESCAPES[escape[1]] || escape[1] unless escape.start_with?('\\u') && escape.length > 2

        units = escape.scan(/\\u(\h{4})/).map { |(hex)| hex.to_i(16) }
        code = units.length == 2 ? 0x10000 + ((units[0] - 0xd800) << 10) + (units[1] - 0xdc00) : units[0]
        (0xd800..0xdfff).cover?(code) ? '?' : [code].pack('U')
      end

      def literal
        match = /\G(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)/.match(@text, @at) || fault
        @at = match.end(0)
        case match[0]
        when 'true' then true
        when 'false' then false
        when 'null' then nil
        when /\A-?\d+\z/ then match[0].to_i
        else match[0].to_f
        end
      end

      def skip
        @at += 1 while @at < @text.length && " \t\r\n".include?(@text[@at])
      end

      def peek(char)
        skip
        @text[@at] == char
      end

      def take(char)
        return false unless peek(char)

        @at += 1
        true
      end

      def fault
        raise ArgumentError, "not JSON at character #{@at}"
      end
    end
  end
end
