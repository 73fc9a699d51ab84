# Trao đổi bằng tin nhắn trong cuộc họp.
chat-tab = Tin nhắn
chat-messages = Các tin nhắn
chat-none = Chưa có tin nhắn nào.
chat-earlier = Các tin nhắn trước
chat-you = Quý vị
chat-to = Gửi tới
chat-everyone = Mọi người trong cuộc họp
chat-secretariat = Chỉ ban thư ký
chat-only = Chỉ { $name }
chat-to-secretariat = Gửi ban thư ký
chat-to-person = Gửi { $name }
chat-text = Tin nhắn
    .hint = Nhấn Enter để gửi; nhấn Shift và Enter để xuống dòng.
chat-left = Còn { $count } ký tự
chat-send = Gửi
chat-answer = Trả lời riêng { $name }
chat-remove = Gỡ tin nhắn của { $name }
chat-remove-confirm = Gỡ đối với mọi người
chat-removed = Tin nhắn này đã được gỡ.
chat-on-its-way = đang gửi…
chat-retry = Gửi lại
chat-discard = Bỏ tin nhắn này
chat-refused = Tin nhắn không được chấp nhận.
chat-is-open = Mọi người được nhắn tin
chat-is-closed = Đã tắt tin nhắn
chat-open = Bật tin nhắn
chat-close = Tắt tin nhắn
chat-closed = Tin nhắn chung đã tắt. Quý vị vẫn có thể nhắn cho ban thư ký.
chat-say = { $count ->
   *[other] Có { $count } tin nhắn mới, gần nhất từ { $name }.
  }
